import type { BrazeUser, StoredDeleteRequest } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { Activity } from '../../clock/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { DeleteRequests, type DeleteRequestsOptions } from './delete-requests.ts';

/** Requests at the time 10, of each named profile, on pairs in memory. */
function requestsOn(
  pairs: readonly BrazeUser[],
  of: readonly string[],
  forget: DeleteRequestsOptions['forget'],
) {
  let known = pairs;
  const states = new Map(of.map(braze => [braze, 'waiting' as StoredDeleteRequest['state']]));
  const receipts = new Map<string, readonly string[]>();
  const requests = new DeleteRequests({
    ...{ clock: new ManualClock(), activity: new Activity(), logger: pino({ level: 'silent' }) },
    settings: () => ({ keep: true, onDelete: 'forget-vendors' }),
    store: {
      requests: async ({ before, limit }) =>
        [...states]
          .filter(([id, state]) => state === 'waiting' && known.some(({ braze }) => braze === id))
          .filter(([id]) => before === undefined || of.indexOf(id) > of.indexOf(before.braze))
          .slice(0, limit)
          .map(([braze, state]) => ({
            ...{ braze, state, at: 10, known: true },
            receipts: [...(receipts.get(braze) ?? [])],
          })),
      setReceipts: async (braze, numbers) => void receipts.set(braze, numbers),
      related: async id => {
        const own = new Set(known.filter(({ braze }) => braze === id).map(({ externalId }) => externalId));
        return known.filter(({ externalId }) => own.has(externalId));
      },
      end: async (braze, state, forgotten = []) => {
        states.set(braze, state);
        known = known.filter(({ externalId }) => !forgotten.includes(externalId));
      },
      sweep: async () => 0,
    },
    receiptNumber: async externalId => `receipt of ${externalId}`,
    forget,
  });
  return { requests, states, receipts, known: () => known };
}

it('all requests are acted on at once, and one that fails or is not complete is repeated until it is', async () => {
  const pairs = Array.from(
    { length: 50 },
    (_, n): BrazeUser => ({ braze: `b${n}`, externalId: `user-${n}`, seen: 1 }),
  );
  // More than a page, the newest.
  const incomplete = new Set(Array.from({ length: 25 }, (_, n) => `user-${n}`));
  const failing = new Set(['user-3', 'user-49']);
  const calls: string[] = [];
  const world = requestsOn(
    pairs,
    pairs.map(({ braze }) => braze),
    async ({ externalId, pairs: count, vendors }) => {
      expect(world.receipts.get(`b${externalId.slice(5)}`)).toEqual([`receipt of ${externalId}`]);
      expect([count, vendors]).toEqual([1, true]);
      calls.push(externalId);
      if (failing.has(externalId)) throw new Error('The audit log could not be written.');
      return { complete: !incomplete.has(externalId) };
    },
  );
  const left = [...pairs.slice(0, 25), pairs[49]!].map(({ braze }) => braze);
  const waiting = () => [...world.states].filter(([, state]) => state === 'waiting').map(([braze]) => braze);
  const work = world.requests.lead();
  await vi.waitFor(() => expect(waiting()).toEqual(left));
  await work.close();
  // What repeats them is still known.
  expect(world.known().map(({ braze }) => braze)).toEqual(left);
  incomplete.clear();
  failing.clear();
  const again = world.requests.lead();
  await vi.waitFor(() => expect(waiting()).toEqual([]));
  await again.close();
  expect(new Set(world.states.values())).toEqual(new Set(['forgotten']));
  expect(world.known()).toEqual([]);
  expect(new Set(calls).size).toBe(50);
});

describe('an external ID of another profile', () => {
  const deleted = (externalId: string, seen: number) => ({ braze: 'deleted', externalId, seen });
  const other = (externalId: string, seen: number) => ({ braze: 'other', externalId, seen });

  it.each<[string, 'kept' | 'forgotten', BrazeUser[]]>([
    ['before that of the deleted one', 'forgotten', [other('ada', 3), deleted('ada', 5)]],
    ['after it, before the request: another user has it', 'kept', [deleted('ada', 5), other('ada', 7)]],
    [
      'after it, where the deleted profile has been renamed since',
      'kept',
      [deleted('ada', 5), other('ada', 7), deleted('grace', 9)],
    ],
    ['after the request', 'kept', [deleted('ada', 5), other('ada', 12)]],
    [
      'after the request, with a late event of the deleted one',
      'kept',
      [deleted('ada', 13), other('ada', 12)],
    ],
    ['with a second ID of its own', 'forgotten', [deleted('ada', 5), other('ada', 3), other('grace', 20)]],
  ])('%s is %s', async (_when, state, pairs) => {
    const forgotten: string[] = [];
    const world = requestsOn(pairs, ['deleted'], async ({ externalId }) => {
      forgotten.push(externalId);
      return { complete: true };
    });
    const work = world.requests.lead();
    await vi.waitFor(() => expect(world.states.get('deleted')).toBe(state));
    await work.close();
    expect(forgotten).toEqual(state === 'kept' ? [] : ['ada']);
  });
});
