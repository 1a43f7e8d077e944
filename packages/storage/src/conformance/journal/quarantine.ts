import { expect, it } from 'vitest';
import { batchOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';
import { ownersOf } from './owners.ts';

export const quarantine = contract('quarantine', storage => {
  const { die, take } = ownersOf(storage);
  const dieThrice = async () => {
    for (let death = 0; death < 3; death += 1) await die(await take({ alone: true, maxRows: 2 }));
    await take({ alone: true, maxRows: 1, leaseMs: 0 });
  };
  const page = { connection: 'default', after: 0, limit: 10 };
  const quarantinedIds = async () => (await storage.journal.quarantined(page)).map(({ id }) => id);

  it('has a row whose owners died once with several rows and twice with it alone, and not its neighbour', async () => {
    await storage.append('killer', 'neighbour', 'later');
    await dieThrice();
    const { texts } = await take({ alone: true });
    expect(texts).toEqual(['neighbour']);
    const [aside] = await storage.journal.quarantined(page);
    expect(aside).toMatchObject({
      connection: 'default',
      events: 1,
      bytes: 6,
      receivedAt: 1_700_000_000_000,
    });
  });

  it('counts its events as pending, and is not considered for the oldest batch', async () => {
    await storage.journal.append(batchOf('killer', { events: 5, receivedAt: 1_600_000_000_000 }));
    await storage.append('later');
    await dieThrice();
    expect(await storage.counts()).toMatchObject({
      ...{ accepted: 6, pending: 6, pendingBatches: 2 },
      ...{ quarantined: 5, quarantinedBatches: 1, oldestPendingAt: 1_700_000_000_000 },
    });
  });

  it('ends by request, for one row or for all', async () => {
    await storage.append('killer');
    await dieThrice();
    const [id] = await quarantinedIds();
    expect(await storage.journal.readmit('other')).toEqual([]);
    expect(await storage.journal.readmit('default', [id! + 1])).toEqual([]);
    expect(await storage.journal.readmit('default', [id!])).toEqual([id]);
    expect(await quarantinedIds()).toEqual([]);
    expect((await take()).rows[0]).toMatchObject({ id, deaths: 0 });
  });
});
