import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it, vi } from 'vitest';
import { DeletionWorld, dayMs, forgetVendors, receiptOfUser } from '../../src/testing/deletion-world.ts';

describeWithPostgres('deletions in Mixpanel of two replicas', () => {
  it('are requested once, by the replica that leads, and followed by the other one after its end', async () => {
    await using server = await startPostgres();
    const { url: STORAGE_URL } = await server.createDatabase();
    await using world = await DeletionWorld.begin();
    const ada = await world.serve({ STORAGE_URL });
    await using bob = await world.serve({ STORAGE_URL });
    await Promise.all([forgetVendors(ada, 'user'), forgetVendors(bob, 'user')]);
    await vi.waitFor(async () => {
      expect((await receiptOfUser(bob, 'user')).mixpanel).toMatchObject([{ state: 'followed' }]);
    });
    // A follower stores the request, and the hint brings the leader to send it.
    await world.advance(2_000);
    await forgetVendors(bob, 'other');
    await vi.waitFor(
      async () => {
        await forgetVendors(ada, 'other');
        expect((await receiptOfUser(bob, 'other')).mixpanel).toMatchObject([{ state: 'followed' }]);
      },
      { timeout: 30_000, interval: 200 },
    );
    for (const number of ['%00', 'x', '0'.repeat(32)])
      expect((await bob.get(`/api/forget/receipts/${number}`)).status).toBe(404);
    await ada[Symbol.asyncDispose]();
    await world.advance(5 * dayMs);
    await world.enter('SUCCESS');
    await vi.waitFor(
      async () => {
        await world.advance(dayMs);
        expect((await receiptOfUser(bob, 'other')).mixpanel).toMatchObject([{ state: 'done' }]);
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await world.tasks()).toHaveLength(2);
  }, 90_000);
});
