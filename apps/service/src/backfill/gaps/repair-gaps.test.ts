import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import type { DayCount } from '@braze-mixpanel/storage';
import * as fc from 'fast-check';
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

const open = 'users.messages.email.Open';
const dayMs = 86_400_000;

/** Changes of an event, each of which is counted in another line. */
const kinds = {
  ...{
    noon: {},
    dayBefore: { time: (noon - dayMs) / 1_000 },
    twoDaysBefore: { time: noon / 1_000 - 172_800 },
  },
  ...{ ofNoUser: { user: { user_id: 'b' } }, withoutId: { id: '' }, withoutTime: { time: 0 } },
  ...{ ahead: { time: now / 1_000 + 3_600 }, tooOld: { time: now / 1_000 - 6 * 365 * 86_400 } },
  ...{ notWanted: { event_type: 'users.messages.email.Click' } },
} satisfies Record<string, Partial<CurrentsEvent>>;
type Kind = keyof typeof kinds;
const searched: readonly Kind[] = ['noon', 'dayBefore', 'twoDaysBefore'];

const eventOf = ({ kind, id }: { kind: Kind; id: number }) => ({
  ...{ event_type: open, id: `${kind}-${id}`, time: noon / 1_000 },
  ...{ user: { external_user_id: `u-${id}` }, properties: {} },
  ...kinds[kind],
});

const drawn = fc.record({
  kind: fc.constantFrom(...(Object.keys(kinds) as Kind[])),
  id: fc.nat(4),
});
const kindAndIds = (kind: readonly Kind[]) =>
  fc.array(fc.record({ kind: fc.constantFrom(...kind), id: fc.nat(4) }), { maxLength: 12 });

it('Each event that was read is counted in one line, and only missing ones are accepted, each once', async () => {
  let [delivered, inMixpanel]: [DayCount[], CurrentsEvent[]] = [[], []];
  const counts = (from: readonly number[]) => from.reduce((sum, count) => sum + count, 0);
  let source = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(drawn, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 2 }),
      kindAndIds(searched),
      fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }),
      fc.boolean(),
      fc.boolean(),
      async (files, there, deliveries, everyDay, isDryRun) => {
        source += 1;
        for (const [index, of] of files.entries())
          for (const [type, events] of Map.groupBy(of.map(eventOf), each => each.event_type))
            await jobs.putFile(`${source}/${index}-${type}.avro`, events);
        inMixpanel = there.map(eventOf);
        delivered = searched.map((kind, index) => ({
          day: new Date((eventOf({ kind, id: 0 }).time as number) * 1_000).toISOString().slice(0, 10),
          ...{ event: 'Email Open', count: deliveries[index] ?? 0 },
        }));
        const runner = jobs.run({
          journal: {
            counts: () => jobs.world.storage.journal.counts(),
            dayCounts: async ({ connection }) => (connection === 'main' ? delivered : []),
          },
          readExport: async (_connection, { from, to }, take) => {
            for (const { id, time, user } of inMixpanel) {
              const day = new Date((time as number) * 1_000).toISOString().slice(0, 10);
              const { external_user_id: distinctId = '' } = user as { external_user_id?: string };
              if (day >= from && day <= to)
                take({ event: 'Email Open', time: time as number, distinctId, insertId: id });
            }
          },
        });
        const before = (await jobs.accepted()).length;
        const id = await jobs.create(
          { from: 0, events: [open] },
          {
            ...{ source: `${jobs.world.folder}/${source}`, gaps: { everyDay } },
            ...(isDryRun && { dryRun: {} }),
          },
        );
        const { state, report: text } = await jobs.ended(id);
        await runner.close();
        const { events, gaps, byType } = parseReport(text);
        expect(state).toBe('done');
        const missing = counts(gaps!.missing.map(({ count }) => count));
        const lines = [
          ...[events.notWanted, events.tooOld, gaps!.present, gaps!.underAnotherId, missing],
          ...[gaps!.notCompared, gaps!.ahead, gaps!.copies],
          ...[...Object.values(gaps!.skipped), ...Object.values(gaps!.deadLettered)],
        ];
        expect(counts(lines)).toBe(files.flat().length);
        const accepted = (await jobs.accepted()).slice(before).map(each => each.id);
        expect(new Set(accepted).size).toBe(accepted.length);
        expect([accepted.length, events.accepted, counts(Object.values(byType))]).toEqual(
          [1, 1, 1].map(() => (isDryRun ? 0 : missing)),
        );
        const known = new Set(inMixpanel.map(each => each.id));
        expect(accepted.filter(each => known.has(each))).toEqual([]);
        if (everyDay) expect(gaps!.notCompared).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);
