import { expect, it } from 'vitest';
import { endWork } from './end-work.ts';

it('a service ends its work in order: not ready, no new connection, the reload in progress, then all work at once', async () => {
  const steps: string[] = [];
  const reload = Promise.withResolvers<void>();
  const work = (name: string) => ({
    close: async () => {
      steps.push(`${name} begins to end`);
    },
  });
  const ended = endWork({
    readiness: { stop: () => steps.push('not ready') },
    server: {
      close: done => {
        steps.push('no new connection');
        done?.();
        return undefined as never;
      },
      closeIdleConnections: () => undefined,
      closeAllConnections: () => undefined,
    },
    reload: { settled: () => reload.promise },
    work: [work('cohorts'), work('deliveries')],
    graceMs: 60_000,
  });
  await Promise.resolve();
  expect(steps).toEqual(['not ready', 'no new connection']);
  reload.resolve();
  await ended;
  expect(steps.slice(2)).toEqual(['cohorts begins to end', 'deliveries begins to end']);
});
