import { expect, it } from 'vitest';
import { ingestReport } from './ingest-report.ts';
import { measureIngest } from './measure-ingest.ts';

it('the ingest benchmark measures a short run from load to sink without loss, and compares it with the baseline', async () => {
  const figures = await measureIngest({
    events: 1_950,
    eventsPerBatch: 100,
    connections: 2,
    rate: undefined,
    warmUpSeconds: 0,
    latencyMs: 0,
    storage: 'sqlite',
    timeoutMs: 30_000,
    profileFolder: undefined,
  });
  expect(figures.events).toBe(2_000);
  expect(figures.importSeconds).toBeGreaterThan(0);
  expect(figures.acknowledgement.p99).toBeGreaterThanOrEqual(figures.acknowledgement.p50);
  for (const { parse, map, gzip, append, total } of [figures.floor, figures.floorWithMapper])
    expect(parse + map + gzip + append).toBeLessThanOrEqual(total);
  const report = ingestReport('Ingest', figures);
  expect(report).toMatch(/imported +[\d,]+\/s +mark 20,000\/s/);
  expect(report).toMatch(/floor with the mapper +[\d,]+\/s +parse /);
}, 60_000);

it('the ingest benchmark compares acknowledgements at a steady rate with those of a bare server', async () => {
  const figures = await measureIngest({
    events: 100,
    eventsPerBatch: 1,
    connections: 2,
    rate: 1_000,
    warmUpSeconds: 0,
    latencyMs: 0,
    storage: 'sqlite',
    timeoutMs: 30_000,
    profileFolder: undefined,
  });
  expect(figures.bare?.p99).toBeGreaterThanOrEqual(figures.bare?.p50 ?? Number.NaN);
  expect(ingestReport('Ingest', figures)).toMatch(
    /acknowledgement p99 +[\d.]+ ms +bare server [\d.]+ ms; mark /,
  );
}, 60_000);

it('the ingest benchmark counts acknowledgements beside a backlog while it drains', async () => {
  const figures = await measureIngest({
    ...{ events: 2_000, eventsPerBatch: 100, connections: 2, rate: 2_000, warmUpSeconds: 0 },
    // Requests of 2,000 events, one at a time: the backlog outlives the first batches.
    ...{ latencyMs: 200, concurrency: 1, storage: 'sqlite', timeoutMs: 90_000, profileFolder: undefined },
    beside: { kind: 'backlog', size: 6_000 },
  });
  expect(figures.beside).toMatchObject({ kind: 'backlog', size: 6_000, times: 1 });
  expect(figures.acknowledgements).toBeGreaterThan(0);
  expect(ingestReport('Ingest', figures)).toMatch(/beside a backlog +6,000 +.* acknowledgements counted/);
}, 120_000);

it('the ingest benchmark ends with a clear error if the service is too slow', async () => {
  const run = measureIngest({
    events: 2_000,
    eventsPerBatch: 100,
    connections: 1,
    rate: 100,
    warmUpSeconds: 0,
    latencyMs: 0,
    storage: 'sqlite',
    timeoutMs: 2_000,
    profileFolder: undefined,
  });
  await expect(run).rejects.toThrow(/did not end in time/);
}, 60_000);
