import type { BrazeUser, NewDeleteRequest, PendingBatch } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../events/body/stored-body.ts';
import { BrazeUserMap } from './braze-user-map.ts';

const base = 1_780_000_000;
const rowOf = (...events: unknown[]) => ({
  batch: { body: bodyOf(events.map(event => JSON.stringify(event))) } as PendingBatch,
  shadow: false,
});
const eventOf = (user_id: unknown, external_user_id: unknown, after = 100) => ({
  ...{ event_type: 'users.messages.email.Send', time: base + after },
  user: { user_id, external_user_id },
});

function mapOf(forgotten: readonly string[] = [], now = (base + 1_000) * 1_000) {
  const written: (readonly BrazeUser[])[] = [];
  const requests: NewDeleteRequest[] = [];
  const merges: string[][] = [];
  const removed: string[] = [];
  const map = new BrazeUserMap({
    store: {
      put: async pairs => void written.push(pairs),
      merge: async (...ids) => void merges.push(ids),
      request: async given => void requests.push(...given),
      forget: async id => removed.push(id),
    },
    tombstones: {
      brazeDigests: async () => id => `digest of ${id}`,
      has: id => forgotten.includes(id),
      refresh: async () => undefined,
    },
    keeps: () => true,
    now: () => now,
  });
  return { map, written, requests, merges, removed };
}

describe("the map of Braze's IDs", () => {
  it('writes a pair once in ten minutes of events', async () => {
    const { map, written } = mapOf();
    await map.note([rowOf(eventOf('b', 'ada', 100), eventOf('b', 'ada', 140), eventOf('b', 'ada', 90))]);
    await map.note([rowOf(eventOf('b', 'ada', 500))]);
    await map.note([rowOf(eventOf('b', 'ada', 740))]);
    expect(written).toEqual([
      [{ braze: 'digest of b', externalId: 'ada', seen: base + 140 }],
      [{ braze: 'digest of b', externalId: 'ada', seen: base + 740 }],
    ]);
    await map.forget('ada');
    await map.note([rowOf(eventOf('b', 'ada', 740))]);
    expect(written).toHaveLength(3);
  });

  it('has no time ahead of the clock, and removes the pair of a user who was forgotten meanwhile', async () => {
    const { map, written, removed } = mapOf(['ada']);
    await map.note([rowOf(eventOf('b', 'ada', 5_000))]);
    expect(written).toEqual([[{ braze: 'digest of b', externalId: 'ada', seen: base + 1_000 }]]);
    expect(removed).toEqual(['ada']);
  });

  it.each([
    ['a minute', 60, 'waiting'],
    ['7 days', 7 * 86_400, 'waiting'],
    ['more than 7 days, as in a back-fill', 7 * 86_400 + 1, 'late'],
    ['a year', 365 * 86_400, 'late'],
  ] as const)('has a request that comes after %s as one of that age', async (_when, age, state) => {
    const { map, requests } = mapOf();
    const at = base + 1_000 - age;
    await map.note([rowOf({ event_type: 'users.UserDeleteRequest', time: at, user: { user_id: 'b' } })]);
    expect(requests).toEqual([{ braze: 'digest of b', at, state }]);
  });

  it('accepts any event, and stores no Braze ID in clear', async () => {
    const event = fc.record({
      event_type: fc.constantFrom('users.UserDeleteRequest', 'users.UserOrphan', 'other', 7, null),
      time: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null)),
      user: fc.oneof(
        fc.jsonValue(),
        fc.record({
          user_id: fc.oneof(fc.jsonValue(), fc.string()),
          external_user_id: fc.oneof(fc.jsonValue(), fc.string()),
        }),
      ),
      properties: fc.oneof(
        fc.jsonValue(),
        fc.record({ orphaned_by_id: fc.oneof(fc.jsonValue(), fc.string()) }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(event, fc.jsonValue())), async events => {
        const { map, written, requests, merges } = mapOf();
        await map.note([rowOf(...events)]);
        const digests = [...[...written.flat(), ...requests].map(({ braze }) => braze), ...merges.flat()];
        for (const each of digests) expect(each).toMatch(/^digest of /);
        for (const { externalId, seen } of written.flat()) {
          expect(externalId.isWellFormed()).toBe(true);
          expect(Number.isSafeInteger(seen)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
