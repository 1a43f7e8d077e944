import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackfillJson } from '../http/backfill-endpoints.ts';
import type { AdminClient } from './admin-client.ts';
import { AdminError } from './admin-error.ts';
import { watchBackfill } from './watch-backfill.ts';

const job = (id: number, more: object = {}) =>
  ({
    ...{ id, state: 'running', isDryRun: false, collects: false, delivery: { pending: 0 } },
    report: { total: { files: 1, bytes: 9 }, bytes: 0 },
    ...more,
  }) as unknown as BackfillJson;
const notCounted = { report: { total: null, bytes: 0 } };

/** Watches back-fill 5, of which each look shows the next of these; an error is thrown. */
async function watch(looks: readonly (BackfillJson | Error)[], others: readonly BackfillJson[] = []) {
  const shown: (readonly [state: string, first: number | undefined])[] = [];
  let ended = 0;
  let next = 0;
  const client = {
    call: async ({ path }: { path: string }) => {
      if (path === '/api/backfills') return { backfills: others };
      const look = looks[next++]!;
      if (look instanceof Error) throw look;
      return look;
    },
  } as unknown as AdminClient;
  const progress = {
    show: ({ state }: BackfillJson, first?: number) => shown.push([state, first]),
    above: () => undefined,
    end: () => {
      ended += 1;
    },
  };
  const result = watchBackfill(client, job(5), { progress, isAlone: false, wait: async () => undefined });
  const outcome = await result.catch(error => error);
  expect(ended).toBe(1);
  return { shown, outcome };
}

describe('a back-fill that is watched', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is shown until it is done and its events are delivered', async () => {
    const looks = [job(5), job(5, { state: 'done', delivery: { pending: 3 } }), job(5, { state: 'done' })];
    const { shown, outcome } = await watch(looks);
    expect(shown.map(([state]) => state)).toEqual(['running', 'done', 'done']);
    expect(outcome).toBe(looks[2]);
  });

  it('names the back-fill that runs before it, and no collection, while it waits', async () => {
    const others = [
      ...[job(6), job(5, notCounted), job(4), job(3)],
      ...[job(2, { state: 'paused' }), job(1, { collects: true })],
    ];
    const { shown } = await watch([job(5, notCounted), job(5), job(5, { state: 'cancelled' })], others);
    expect(shown).toEqual([
      ['running', 3],
      ['running', undefined],
      ['cancelled', undefined],
    ]);
  });

  it('is said to go on where the service is gone', async () => {
    const { outcome } = await watch([job(5), new AdminError('The service could not be reached.')]);
    expect(outcome.message).toBe(
      'The service could not be reached. Back-fill 5 is stored, and continues once a service runs with its storage: see backfill show 5.',
    );
  });

  it('is not said to go on where the service refuses the request', async () => {
    const refusal = new AdminError('No back-fill 5.', 'backfill_unknown');
    expect((await watch([refusal])).outcome).toBe(refusal);
  });
});
