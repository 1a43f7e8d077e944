import { type Logger, pino } from 'pino';
import { expect, it } from 'vitest';
import { CompareError } from '../../reconcile/compare-error.ts';
import { backfillJobs } from '../../testing/backfill-jobs.ts';
import type { JobEnvironment } from '../job-work.ts';
import { parseReport } from '../report.ts';

const now = Date.UTC(2026, 0, 10);
const noon = Date.UTC(2026, 0, 5, 12);
const jobs = backfillJobs(now);

/** Runs a search for gaps over the folder and a file with these events; resolves when it has ended. */
async function search(
  count: number,
  readExport: JobEnvironment['readExport'],
  { waits = [], logger }: { waits?: number[]; logger?: Logger } = {},
) {
  const events = Array.from({ length: count }, (_, index) => ({
    ...{ event_type: 'users.messages.email.Open', id: `event-${index}`, time: noon / 1_000 },
    ...{ user: { external_user_id: `u-${index}` }, properties: {} },
  }));
  await jobs.putFile('a.avro', events);
  const id = await jobs.create({}, { gaps: { everyDay: true } });
  const wait = async (ms: number) => void waits.push(ms);
  jobs.run({ readExport, wait, ...(logger && { logger }) });
  const job = await jobs.ended(id);
  return { ...job, report: parseReport(job.report) };
}

it('A search waits as long as Mixpanel says while the raw export is throttled', async () => {
  const waits: number[] = [];
  let calls = 0;
  const job = await search(
    3,
    async () => {
      calls += 1;
      if (calls <= 2) throw new CompareError('compare_throttled', 'Try again later.', 7_000);
    },
    { waits },
  );
  expect(job).toMatchObject({ state: 'done', report: { events: { accepted: 3 } } });
  expect(waits).toEqual([7_000, 7_000]);
});

it('An export that fails is repeated, and nothing is accepted twice', async () => {
  let calls = 0;
  const job = await search(400, async (_connection, _request, take) => {
    calls += 1;
    take({ event: 'Email Open', time: noon / 1_000, distinctId: 'u-0', insertId: 'event-0' });
    if (calls === 1) throw new CompareError('compare_export_failed', 'The connection was closed.');
  });
  expect(job).toMatchObject({ state: 'done', report: { events: { accepted: 399 }, gaps: { present: 1 } } });
  expect((await jobs.world.storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 399 });
});

it('The export is read from the day before, since Mixpanel moves times of the future to the time of receipt', async () => {
  const requests: unknown[] = [];
  await search(1, async (connection, request) => {
    requests.push({ connection, ...request });
  });
  expect(requests).toEqual([
    { connection: 'main', from: '2026-01-04', to: '2026-01-05', names: ['Email Open'] },
  ]);
});

it('A search logs each place that cannot be read once, though it reads the files several times', async () => {
  await jobs.putFile('empty.avro', new Uint8Array());
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: line => void logged.push(line) });
  const job = await search(3, async () => undefined, { logger });
  expect(job).toMatchObject({ state: 'done', report: { faults: { count: 1 }, gaps: { checkedDays: 1 } } });
  expect(logged.filter(line => line.includes('empty.avro'))).toHaveLength(1);
});
