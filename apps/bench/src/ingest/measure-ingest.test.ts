import { expect, it } from 'vitest';
import { ingestReport } from './ingest-report.ts';
import { measureIngest } from './measure-ingest.ts';

it('the ingest benchmark measures a short run from load to sink without loss, and compares it with the baseline', async () => {
  const figures = await measureIngest({
    events: 1_950,
    connections: 2,
    rate: undefined,
    latencyMs: 0,
    timeoutMs: 30_000,
    profileFolder: undefined,
  });
  expect(figures.events).toBe(2_000);
  expect(figures.importSeconds).toBeGreaterThan(0);
  expect(figures.acknowledgement.p99).toBeGreaterThanOrEqual(figures.acknowledgement.p50);
  for (const { parse, map, gzip, append, total } of [figures.floor, figures.floorWithMapper])
    expect(parse + map + gzip + append).toBeLessThanOrEqual(total);
  const report = ingestReport('Ingest', figures, false);
  expect(report).toMatch(/imported +[\d,]+\/s +mark 20,000\/s/);
  expect(report).toMatch(/floor with the mapper +[\d,]+\/s +parse /);
}, 60_000);

it('the ingest benchmark ends with a clear error if the service is too slow', async () => {
  const run = measureIngest({
    events: 2_000,
    connections: 1,
    rate: 100,
    latencyMs: 0,
    timeoutMs: 2_000,
    profileFolder: undefined,
  });
  await expect(run).rejects.toThrow(/did not end in time/);
}, 60_000);
