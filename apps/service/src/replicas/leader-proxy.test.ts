import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { CohortError } from '../cohorts/cohort-error.ts';
import { leaderProxy } from './leader-proxy.ts';

/** A replica that does not lead, and the answers of the one that does. */
function follower(answer: (request: string) => string) {
  return leaderProxy({
    leadership: { current: async () => undefined, recheck: () => undefined },
    replicas: { ask: async (_lease, request) => answer(request), answer: () => undefined },
    logger: pino({ level: 'silent' }),
    monotonic: () => 0,
  });
}

it('A follower sends the verb with its arguments and returns the result of the leader', async () => {
  const api = follower(request => JSON.stringify({ result: [request] }));
  expect(await api.unmatched('7', { limit: 2 })).toEqual(['{"verb":"unmatched","args":["7",{"limit":2}]}']);
});

it('An error of the leader is the error of the follower; a code of a newer release is a failure of storage', async () => {
  const refusing = (code: string) => follower(() => JSON.stringify({ error: { code, detail: 'why' } }));
  await expect(refusing('sync_unknown').find('7')).rejects.toMatchObject({
    code: 'sync_unknown',
    detail: 'why',
  });
  await expect(refusing('of_tomorrow').find('7')).rejects.toMatchObject({ code: 'cohort_storage' });
});

it('Any answer that cannot be read is a CohortError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async text => {
      const error: unknown = await follower(() => text)
        .find('7')
        .then(
          () => undefined,
          cause => cause,
        );
      expect(error).toBeInstanceOf(CohortError);
      expect(error).toMatchObject({ code: 'cohort_replica_away' });
    }),
  );
});
