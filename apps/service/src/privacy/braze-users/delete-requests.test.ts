import type { BrazeUser, StoredDeleteRequest } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { Activity } from '../../clock/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { DeleteRequests } from './delete-requests.ts';

it('all requests are acted on at once, and one that is not complete is repeated until it is', async () => {
  const clock = new ManualClock();
  const pairs = Array.from(
    { length: 50 },
    (_, n): BrazeUser => ({ braze: `b${n}`, externalId: `user-${n}`, seen: 1 }),
  );
  const states = new Map(pairs.map(({ braze }) => [braze, 'waiting' as StoredDeleteRequest['state']]));
  const known = new Map(pairs.map(pair => [pair.braze, pair]));
  const incomplete = new Set(['user-7']);
  const calls: string[] = [];
  const receipts = new Map<string, string[]>();
  const requests = new DeleteRequests({
    ...{ clock, activity: new Activity(), logger: pino({ level: 'silent' }) },
    settings: () => ({ keep: true, onDelete: 'forget' }),
    store: {
      requests: async ({ limit }) =>
        [...states]
          .filter(([braze, state]) => state === 'waiting' && known.has(braze))
          .slice(0, limit)
          .map(([braze, state]) => ({
            ...{ braze, state, at: 2, known: true },
            receipts: receipts.get(braze) ?? [],
          })),
      setReceipts: async (braze, numbers) => void receipts.set(braze, [...numbers]),
      related: async braze => [known.get(braze)!],
      end: async (braze, state) => void states.set(braze, state),
      put: async given => {
        for (const pair of given) known.set(pair.braze, pair);
      },
      sweep: async () => 0,
    },
    receiptNumber: async externalId => `receipt of ${externalId}`,
    forget: async ({ externalId }) => {
      expect(receipts.get(`b${externalId.slice(5)}`)).toEqual([`receipt of ${externalId}`]);
      calls.push(externalId);
      known.delete(`b${externalId.slice(5)}`);
      return { complete: !incomplete.has(externalId) };
    },
  });
  const work = requests.lead();
  const waiting = () => [...states].filter(([, state]) => state === 'waiting').map(([braze]) => braze);
  await vi.waitFor(() => expect(waiting()).toEqual(['b7']));
  await work.close();
  incomplete.clear();
  const again = requests.lead();
  await vi.waitFor(() => expect(waiting()).toEqual([]));
  await again.close();
  expect(new Set(states.values())).toEqual(new Set(['forgotten']));
  expect(new Set(calls).size).toBe(50);
});
