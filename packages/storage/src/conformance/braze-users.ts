import { expect, it } from 'vitest';
import type { BrazeUser } from '../ports/index.ts';
import { contract } from './contract.ts';

const sorted = (pairs: BrazeUser[]) =>
  pairs.map(({ braze, externalId, seen }) => JSON.stringify([braze, externalId, seen])).sort();

export const brazeUsers = contract("Braze's own user IDs", storage => {
  it('have the external IDs of a profile with their latest time, after a crash too', async () => {
    await storage.brazeUsers.put([
      { braze: 'b1', externalId: 'ada', seen: 5 },
      { braze: 'b1', externalId: 'ada', seen: 5 },
      { braze: 'b1', externalId: 'nul\u0000 and \ufeffmark', seen: 7 },
      { braze: 'b2', externalId: 'grace', seen: 1 },
    ]);
    await storage.brazeUsers.put([{ braze: 'b1', externalId: 'ada', seen: 3 }]);
    await storage.brazeUsers.put([{ braze: 'b3', externalId: 'ada', seen: 9 }]);
    await storage.brazeUsers.put([]);
    await storage.crash();
    expect(sorted(await storage.brazeUsers.related('b1'))).toEqual(
      sorted([
        { braze: 'b1', externalId: 'ada', seen: 5 },
        { braze: 'b1', externalId: 'nul\u0000 and \ufeffmark', seen: 7 },
        { braze: 'b3', externalId: 'ada', seen: 9 },
      ]),
    );
    expect(await storage.brazeUsers.related('b4')).toEqual([]);
  });

  it('give the IDs of a merged profile to the one that remains, and nothing to itself', async () => {
    const { brazeUsers } = storage;
    await brazeUsers.put([
      { braze: 'b1', externalId: 'ada', seen: 5 },
      { braze: 'b2', externalId: 'ada', seen: 2 },
      { braze: 'b1', externalId: 'countess', seen: 4 },
    ]);
    await brazeUsers.merge('b1', 'b2');
    await brazeUsers.merge('b2', 'b2');
    await brazeUsers.merge('b7', 'b2');
    expect(sorted(await brazeUsers.related('b2'))).toEqual(
      sorted([
        { braze: 'b2', externalId: 'ada', seen: 5 },
        { braze: 'b2', externalId: 'countess', seen: 4 },
      ]),
    );
    expect(await brazeUsers.related('b1')).toEqual([]);
  });

  it('are forgotten by the external ID, and swept by age and number', async () => {
    const { brazeUsers } = storage;
    const pair = (braze: string, seen: number) => ({ braze, externalId: `user-${braze}`, seen });
    await brazeUsers.put([pair('b1', 1), pair('b2', 2), pair('b3', 3), pair('b4', 4)]);
    await brazeUsers.put([{ braze: 'b9', externalId: 'user-b4', seen: 5 }]);
    expect(await brazeUsers.forget('user-b4')).toBe(2);
    expect(await brazeUsers.forget('user-b4')).toBe(0);
    await brazeUsers.request([{ braze: 'b1', at: 1 }]);
    const swept = [];
    do swept.push(await brazeUsers.sweep({ before: 2, most: 1 }));
    while (swept.at(-1) !== 0);
    // A pair by its age, one beyond the most, a request.
    expect(swept).toEqual([1, 1, 1, 0]);
    expect(await brazeUsers.related('b3')).toHaveLength(1);
    expect(await brazeUsers.related('b2')).toEqual([]);
    expect(await brazeUsers.requests({ limit: 10 })).toEqual([]);
  });

  it('are swept a part at a time, so that other calls do not wait', async () => {
    const { brazeUsers } = storage;
    const pairs = Array.from({ length: 6_000 }, (_, index) => ({
      braze: `b${index}`,
      externalId: 'x',
      seen: index,
    }));
    await brazeUsers.put(pairs);
    const everything = { before: Number.MAX_SAFE_INTEGER, most: 0 };
    expect(await brazeUsers.sweep(everything)).toBe(5_000);
    expect(await brazeUsers.sweep(everything)).toBe(1_000);
    expect(await brazeUsers.sweep(everything)).toBe(0);
  });

  it('have one request to delete each of them, which ends once', async () => {
    const { brazeUsers } = storage;
    await brazeUsers.request([
      { braze: 'b1', at: 1 },
      { braze: 'b2', at: 2 },
      { braze: 'b1', at: 3 },
    ]);
    await brazeUsers.end('b2', 'kept');
    await brazeUsers.setReceipts('b1', ['0a', '0b']);
    await brazeUsers.request([{ braze: 'b2', at: 9 }]);
    await storage.crash();
    expect(await storage.brazeUsers.requests({ limit: 10 })).toEqual([
      { braze: 'b2', at: 2, state: 'kept', known: false, receipts: [] },
      { braze: 'b1', at: 1, state: 'waiting', known: false, receipts: ['0a', '0b'] },
    ]);
    expect(await storage.brazeUsers.requests({ open: true, limit: 9 })).toEqual([]);
    await storage.brazeUsers.put(['b1', 'b2'].map(braze => ({ braze, externalId: 'ada', seen: 1 })));
    expect(await storage.brazeUsers.requests({ open: true, limit: 9 })).toEqual([
      { braze: 'b1', at: 1, state: 'waiting', known: true, receipts: ['0a', '0b'] },
    ]);
  });
});
