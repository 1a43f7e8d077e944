import { namesOfType } from '../../config/names-of-type.ts';
import { eventTexts } from '../../events/body/event-texts.ts';
import { bodyOf, bodyText, eventsOf } from '../../events/body/stored-body.ts';
import { mapRow } from '../../events/delivery/map-rows.ts';
import { CompareError } from '../../reconcile/compare-error.ts';
import { backfillQueue } from '../backfill-queue.ts';
import type { BatchText } from '../batch-texts.ts';
import { deliveredOn } from '../delivered-on.ts';
import { countEvents } from '../dry-run.ts';
import { emptyTally } from '../dry-run-tally.ts';
import type { JobWork } from '../job-work.ts';
import { addAccepted, type BackfillReport, emptyReport } from '../report.ts';
import { DayIds, type SoughtEvent } from './day-ids.ts';
import { checksByDay, findSuspects, type GapsReport } from './gaps-report.ts';
import { GapsTally } from './gaps-tally.ts';

const dayMs = 86_400_000;
/** Wait for the raw export where its answer has no `Retry-After`, and the longest before the job is looked at. */
const exportWaitMs = 30_000;

/**
 * Brings in the events of the files that Mixpanel lacks, and only those. The files are counted first, and days
 * on which they have another number than was delivered are suspect. Then, day by day, the IDs of the files are compared
 * with those of Mixpanel's raw export, and what is missing is accepted, or only named in a dry run.
 *
 * A crash repeats the comparison of one day; no event is accepted twice.
 *
 * Resolves to whether everything was read.
 */
export async function repairGaps(work: JobWork): Promise<boolean> {
  const counted = await countedReport(work);
  if (counted === undefined) return false;
  let report = counted.report;
  for (const [day, names] of checksByDay(counted.gaps).slice(counted.gaps.checkedDays)) {
    const next = await repairDay(work, report, day, names);
    if (next === undefined) return false;
    report = next;
  }
  return true;
}

/** The report with its suspects; `undefined` where the job was changed meanwhile. */
async function countedReport(
  work: JobWork,
): Promise<{ report: BackfillReport; gaps: GapsReport } | undefined> {
  if (work.report.gaps !== undefined) return { report: work.report, gaps: work.report.gaps };
  const all = await countEvents(work, scopeOf(work));
  if (all === undefined) return undefined;
  const { environment, job } = work;
  const { tally = emptyTally(), ...rest } = all;
  const days = tally.days.map(({ day }) => day);
  const delivered = await deliveredOn(environment.journal, job.connection, days);
  const gaps = findSuspects(tally, delivered, work.options.gaps?.everyDay === true);
  // From here on, what is accepted is counted, not what is read.
  const report = { ...rest, events: { ...all.events, accepted: 0 }, byType: {}, gaps };
  return (await work.write({ report })) ? { report, gaps } : undefined;
}

async function repairDay(
  work: JobWork,
  before: BackfillReport,
  day: string,
  names: ReadonlySet<string>,
): Promise<BackfillReport | undefined> {
  await work.environment.forgotten.refresh();
  const ids = await idsOf(work, day, names);
  if (ids === undefined) return undefined;
  const { connection } = work.job;
  const queue = backfillQueue(connection);
  const scope = `${scopeOf(work)} ${day}`;
  const tally = new GapsTally(before.gaps!);
  let report = before;
  for await (const { files, batches } of readDay(work, scope, day)) {
    report = {
      ...{ ...report, gaps: tally.report },
      ...{ events: { ...report.events }, byType: { ...report.byType } },
    };
    const missing = batches.flatMap(batch => missingOf(work, batch, names, ids, tally, report));
    if (work.options.dryRun !== undefined) {
      if (!(await work.isCurrent())) return undefined;
      continue;
    }
    if (!(await work.untilQueueHasSpace(queue))) return undefined;
    const isWritten = await work.write({
      report,
      files: files.map(file => ({ ...file, connection, scope })),
      batches: missing.map(each => work.batch(queue, each)),
    });
    if (!isWritten) return undefined;
    if (missing.length > 0) work.environment.onAccepted(queue, missing.length);
  }
  tally.dayIsChecked();
  report = { ...report, gaps: structuredClone(tally.report) };
  return (await work.write({ report })) ? report : undefined;
}

/** IDs of one day, in the files and in Mixpanel; `undefined` where the job was changed meanwhile. */
async function idsOf(work: JobWork, day: string, names: ReadonlySet<string>): Promise<DayIds | undefined> {
  const ids = new DayIds(day);
  const sought = new Set(names);
  for await (const { batches } of readDay(work, scopeOf(work), day)) {
    for (const batch of batches)
      for (const event of soughtEvents(work, batch, names)) {
        ids.addOfFile(event);
        for (const name of event.names) sought.add(name);
      }
    if (!(await work.isCurrent())) return undefined;
  }
  // Mixpanel moves a time in the future to the time of receipt, which may be the day before.
  const from = new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
  const range = { from, to: day, names: [...sought] };
  while (await work.isCurrent()) {
    try {
      await work.environment.readExport(work.job.connection, range, event => ids.addOfMixpanel(event));
      return ids;
    } catch (error) {
      const mayWait =
        error instanceof CompareError && ['compare_throttled', 'compare_busy'].includes(error.code);
      if (!mayWait) throw error;
      await work.environment.wait(Math.min(error.retryAfterMs ?? exportWaitMs, exportWaitMs));
    }
  }
  return undefined;
}

/** The files of a search have a scope of their own: it reads those that other back-fills have read too. */
const scopeOf = ({ job }: JobWork): string => `gaps ${job.id}`;

function readDay(work: JobWork, scope: string, day: string) {
  const { wanted: all } = work.options;
  const start = Date.parse(day);
  const wanted = {
    ...all,
    from: Math.max(start, all.from ?? 0),
    until: Math.min(start + dayMs, all.until ?? Number.MAX_SAFE_INTEGER),
  };
  const report = { ...emptyReport(), total: { files: 0, bytes: 0 } };
  // The count before has logged what cannot be read.
  return work.read(scope, { wanted, report, onFault: () => undefined });
}

interface Sought extends SoughtEvent {
  readonly index: number;
  /** Name in Mixpanel under the connection's options. */
  readonly event: string;
  readonly eventType: string;
}

/** The events of a batch that would be delivered under one of these names: none of forgotten users. */
function soughtEvents(work: JobWork, { body, profile }: BatchText, names: ReadonlySet<string>): Sought[] {
  // As the files were counted: without redacted fields, and ahead of the same clock.
  const row = mapRow({ body: work.redact(body), profile }, work.job.createdAt);
  const events = eventsOf(body);
  return row.outbound
    .filter(({ event, distinctId }) => names.has(event) && !work.environment.forgotten.has(distinctId))
    .map(({ index, event, time, distinctId, insertId }) => {
      const { event_type: eventType } = events[index] as { event_type: string };
      const known = [...new Set([event, ...namesOfType(eventType)])];
      return { index, event, eventType, time, distinctId, insertId, names: known };
    });
}

/** The missing events of a batch as a batch, which are counted; none where nothing is missing. */
function missingOf(
  work: JobWork,
  batch: BatchText,
  names: ReadonlySet<string>,
  ids: DayIds,
  tally: GapsTally,
  report: BackfillReport,
): BatchText[] {
  const missing = new Set<number>();
  for (const sought of soughtEvents(work, batch, names)) {
    const found = ids.find(sought);
    if (found !== 'missing') tally.add(found);
    else {
      missing.add(sought.index);
      tally.addMissing(sought.event, sought.time);
      if (work.options.dryRun === undefined) addAccepted(report, sought.eventType, 1);
    }
  }
  if (missing.size === 0) return [];
  const texts = eventTexts(bodyText(batch.body)).filter((_, index) => missing.has(index));
  return [{ events: texts.length, body: bodyOf(texts), profile: batch.profile }];
}
