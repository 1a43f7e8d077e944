import { expect, it } from 'vitest';
import { batchOf, HOUR, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const pending = contract('pending', storage => {
  const page = { connection: 'default', after: 0, limit: 100 };
  const pending = () => storage.journal.pending(page);
  const append = async (...texts: string[]) => {
    for (const text of texts) await storage.journal.append(batchOf(text, { events: 3 }));
  };

  it('lists every batch that waits, for whatever cause', async () => {
    await append('waits', 'held', 'failed');
    await storage.journal.append(batchOf('theirs', { connection: 'other' }));
    const [, held, failed] = await storage.lease();
    const [first] = await pending();
    await storage.journal.release('deliverer-1', [first!.id], { delayMs: 0, attempt: false });
    await storage.journal.release('deliverer-1', [failed!.id], { delayMs: HOUR, attempt: true });
    const found = await pending();
    expect(found.map(({ body, ...row }) => ({ ...row, text: textOf(body) }))).toMatchObject([
      { text: 'waits', leased: false, attempts: 0, retryInMs: undefined, events: 3 },
      { text: 'held', id: held!.id, leased: true, attempts: 0, retryInMs: undefined },
      { text: 'failed', leased: false, attempts: 1, retryInMs: expect.any(Number) },
    ]);
    for (const { heldUntil } of found) expect(heldUntil).toBeUndefined();
    expect(found[2]!.retryInMs).toBeLessThanOrEqual(HOUR);
    expect(found[2]!.retryInMs).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ connection: 'default', profile: first!.profile });
  });

  it('returns pages that stay near 8 MB', async () => {
    await append('a', 'b', 'c');
    const [a, b] = await storage.journal.pending({ ...page, limit: 2 });
    const rest = await storage.journal.pending({ ...page, after: b!.id });
    expect([a, b, ...rest].map(row => textOf(row!.body))).toEqual(['a', 'b', 'c']);
    await append('x'.repeat(9_000_000), 'y'.repeat(9_000_000));
    expect(await storage.journal.pending({ ...page, after: rest[0]!.id })).toHaveLength(1);
  });

  it('has no time left until an attempt that is due', async () => {
    await append('due');
    const [row] = await storage.lease();
    await storage.journal.release('deliverer-1', [row!.id], { delayMs: 0, attempt: true });
    expect(await pending()).toMatchObject([{ attempts: 1, retryInMs: 0, heldUntil: undefined }]);
  });

  it('lists a batch with an expired lease as not leased', async () => {
    await append('a');
    await storage.lease({ leaseMs: 0 });
    expect(await pending()).toMatchObject([{ leased: false }]);
  });
});
