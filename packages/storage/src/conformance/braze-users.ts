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
    await brazeUsers.request([{ braze: 'b1', at: 1, state: 'waiting' }]);
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

  it('lose the pairs of forgotten external IDs, of all profiles, with the end of a request', async () => {
    const { brazeUsers } = storage;
    const pair = (braze: string, externalId: string) => ({ braze, externalId, seen: 1 });
    await brazeUsers.put([pair('b1', 'ada'), pair('b2', 'ada'), pair('b1', 'grace'), pair('b2', 'alan')]);
    await brazeUsers.request([{ braze: 'b1', at: 1, state: 'waiting' }]);
    await brazeUsers.end('b1', 'forgotten', ['ada', 'grace']);
    await storage.crash();
    expect(await storage.brazeUsers.related('b1')).toEqual([]);
    expect(await storage.brazeUsers.related('b2')).toEqual([pair('b2', 'alan')]);
    expect(await storage.brazeUsers.requests({ limit: 1 })).toMatchObject([{ state: 'forgotten' }]);
  });

  it('have one request to delete each of them, which ends once', async () => {
    const { brazeUsers } = storage;
    await brazeUsers.request([
      { braze: 'b1', at: 1, state: 'waiting' },
      { braze: 'b2', at: 2, state: 'waiting' },
      { braze: 'b1', at: 3, state: 'waiting' },
      { braze: 'b3', at: 0, state: 'late' },
    ]);
    await brazeUsers.end('b2', 'kept');
    await brazeUsers.setReceipts('b1', ['0a', '0b']);
    await brazeUsers.request(['b2', 'b3'].map(braze => ({ braze, at: 9, state: 'waiting' as const })));
    await storage.crash();
    expect(await storage.brazeUsers.requests({ limit: 10 })).toEqual([
      { braze: 'b2', at: 2, state: 'kept', known: false, receipts: [] },
      { braze: 'b1', at: 1, state: 'waiting', known: false, receipts: ['0a', '0b'] },
      { braze: 'b3', at: 0, state: 'late', known: false, receipts: [] },
    ]);
    expect(await storage.brazeUsers.requests({ open: true, limit: 9 })).toEqual([]);
    await storage.brazeUsers.put(['b1', 'b2', 'b3'].map(braze => ({ braze, externalId: 'ada', seen: 1 })));
    expect(await storage.brazeUsers.requests({ open: true, limit: 9 })).toEqual([
      { braze: 'b1', at: 1, state: 'waiting', known: true, receipts: ['0a', '0b'] },
    ]);
  });

  it.each([false, true])(
    'have requests on pages without a gap or a duplicate, of one time too; open: %s',
    async open => {
      const { brazeUsers } = storage;
      const made = Array.from({ length: 23 }, (_, n) => ({
        ...{
          braze: `b${n}`,
          at: Math.floor(n / 5),
          state: n % 7 === 0 ? ('late' as const) : ('waiting' as const),
        },
      }));
      await brazeUsers.request(made);
      await brazeUsers.request([]);
      await brazeUsers.put(
        made.filter((_, n) => n % 4 !== 0).map(({ braze }) => ({ braze, externalId: 'ada', seen: 1 })),
      );
      const all = await brazeUsers.requests({ open, limit: 100 });
      const expected = made.filter((_, n) => !open || (n % 7 !== 0 && n % 4 !== 0));
      expect(all.map(({ braze }) => braze).sort()).toEqual(expected.map(({ braze }) => braze).sort());
      expect(all.map(({ at }) => at)).toEqual(expected.map(({ at }) => at).toReversed());
      for (const limit of [1, 2, 4, 23]) {
        const pages: (typeof all)[] = [];
        do pages.push(await brazeUsers.requests({ open, before: pages.at(-1)?.at(-1), limit }));
        while (pages.at(-1)!.length === limit);
        expect(pages.flat()).toEqual(all);
      }
    },
  );
});
