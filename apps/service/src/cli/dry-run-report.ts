import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { nothingNew } from './nothing-new.ts';
import { counted, minute, money, paragraph, records, whole } from './terminal.ts';

type DryRun = NonNullable<BackfillJson['dryRun']>;

/** The events that a back-fill would duplicate. */
export const nativeNote =
  'Events that Braze’s own integration with Mixpanel delivered have other IDs, so they would appear twice. If it delivered at that time, use --gaps --every-day: it leaves them out.';

/** What the files have several times, and whether that is known. */
function copiesNote({ events, copies, allCopiesKnown }: DryRun): string[] {
  const found = `The files have ${whole(copies)} further ${copies === 1 ? 'copy' : 'copies'} of these events, sent too: Mixpanel shows and bills each event once.`;
  const unknown =
    'These numbers may include copies of events: copies are recognised among the first 2.9 million events, and only if the dry run is not interrupted. Mixpanel shows and bills each event once.';
  return [
    ...(copies > 0 ? [paragraph(found)] : []),
    ...(allCopiesKnown || events === 0 ? [] : [paragraph(unknown)]),
  ];
}

const rowsShown = 31;

/** The job of a dry run. */
type Job = Omit<BackfillJson, 'delivery' | 'dryRun' | 'gaps'>;

/**
 * What a dry run found, as tables and sentences; each cut to what a screen or two can hold.
 *
 * @param isLater whether it ended before this command, so that back-fills since then may have sent its events
 */
export function dryRunReport(dryRun: DryRun, job: Job, isLater = false): string[] {
  const { byEvent, skipped, deadLettered, unlisted, moreUnlisted, notes } = dryRun;
  const days = perDay(dryRun);
  return [
    ...part(
      ['event in Mixpanel', 'in files', 'delivered', 'billing'],
      byEvent.map(({ event, inFiles, counted, isBilled }) => [
        ...[event, whole(inFiles), whole(counted), isBilled ? 'billed' : 'free'],
      ]),
      ['event', 'events'],
    ),
    ...part(
      ['day (UTC)', 'in files', 'delivered'],
      days.map(([day, { inFiles, counted }]) => [day, whole(inFiles), whole(counted)]),
      ['day', 'days'],
    ),
    ...part(['would be skipped', 'events'], countRows(skipped), ['reason', 'reasons']),
    ...part(['would become dead letters', 'events'], countRows(deadLettered), ['reason', 'reasons']),
    ...part(['unusual, sent nevertheless', 'events'], countRows(notes), ['kind', 'kinds']),
    ...part(
      ['not in the catalogue', 'name'],
      unlisted.map(({ kind, name }) => [kind === 'event_type' ? 'event type' : 'property', name]),
      ['name', 'names'],
      moreUnlisted > 0,
    ),
    `\n${paragraph(summary(dryRun, job, isLater))}`,
    ...copiesNote(dryRun),
    ...(dryRun.events === 0 || job.state === 'running' ? [] : [paragraph(nativeNote)]),
  ];
}

function part(head: string[], rows: string[][], [one, many]: [string, string], isCut = false): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - rowsShown;
  const rest = more > 0 ? counted(more, `more ${one}`, `more ${many}`) : `Some more ${many}`;
  return [
    `\n${records(head, rows.slice(0, rowsShown))}`,
    ...(more > 0 || isCut ? [`${rest}; --json shows more.`] : []),
  ];
}

const countRows = (counts: Readonly<Record<string, number>>): string[][] =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, whole(count)]);

/** Sums over the events of a day, in order of the days. */
function perDay({ byDay }: DryRun): [string, { inFiles: number; counted: number }][] {
  const days = new Map<string, { inFiles: number; counted: number }>();
  for (const { day, inFiles, counted } of byDay) {
    const sum = days.get(day) ?? { inFiles: 0, counted: 0 };
    days.set(day, { inFiles: sum.inFiles + inFiles, counted: sum.counted + counted });
  }
  return [...days];
}

const unfinished: Readonly<Partial<Record<Job['state'], string>>> = {
  running: 'The dry run has not ended, so this is not all.',
  paused: 'The dry run is paused, so this is not all.',
  failed: 'The dry run has not read everything, so this is not all.',
  cancelled: 'The dry run was cancelled, so this is not all.',
};

/** How many events would be sent and billed, and what became of the dry run. */
function summary(dryRun: DryRun, job: Job, isLater: boolean): string {
  const { events } = dryRun;
  const rest = unfinished[job.state];
  if (events === 0 && rest === undefined && job.report.events.accepted === 0) return nothingNew(job);
  const found = counted(events, 'event', 'events');
  if (isLater && rest === undefined)
    return `At ${minute(job.changedAt)}, ${found} would have been sent. ${billing(dryRun)} What was delivered since then is in the column delivered only.`;
  const advice =
    events === 0 || rest !== undefined ? '' : ' Run the command without --dry-run to send these events.';
  return [
    `${found} would be sent.`,
    ...(events === 0 ? [] : [billing(dryRun)]),
    rest ?? `Nothing was sent.${advice}`,
  ].join(' ');
}

function billing({ billed, cost, pricePerMillion }: DryRun): string {
  const costs =
    cost === null || pricePerMillion === null
      ? 'Pass --price-per-million to see the cost.'
      : `That is ${costText(cost)} at ${priceText(pricePerMillion)} per million.`;
  return `Mixpanel bills ${whole(billed)} of them, except those that it has already. ${costs}`;
}

/** A cost to the cent; one that is not zero is never shown as zero. */
const costText = (amount: number): string =>
  amount > 0 && amount < 0.005 ? 'less than 0.01' : money(amount);

/** A price as it was given. */
const priceText = (amount: number): string => amount.toLocaleString('en-US', { maximumFractionDigits: 6 });
