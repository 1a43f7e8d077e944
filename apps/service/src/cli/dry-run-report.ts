import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { paragraph, records, whole } from './terminal.ts';

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

/** What a dry run found, as tables and sentences; each cut to what a screen or two can hold. */
export function dryRunReport(dryRun: DryRun): string[] {
  const { byEvent, skipped, deadLettered, unlisted, moreUnlisted, notes } = dryRun;
  const days = perDay(dryRun);
  return [
    ...part(
      ['event in Mixpanel', 'in files', 'delivered', 'billing'],
      byEvent.map(({ event, inFiles, counted, isBilled }) => [
        ...[event, whole(inFiles), whole(counted), isBilled ? 'billed' : 'free'],
      ]),
      'events',
    ),
    ...part(
      ['day (UTC)', 'in files', 'delivered'],
      days.map(([day, { inFiles, counted }]) => [day, whole(inFiles), whole(counted)]),
      'days',
    ),
    ...part(['would be skipped', 'events'], countRows(skipped), 'reasons'),
    ...part(['would become dead letters', 'events'], countRows(deadLettered), 'reasons'),
    ...part(['unusual, sent nevertheless', 'events'], countRows(notes), 'kinds'),
    ...part(
      ['not in the catalogue', 'name'],
      unlisted.map(({ kind, name }) => [kind === 'event_type' ? 'event type' : 'property', name]),
      'names',
      moreUnlisted > 0,
    ),
    `\n${paragraph(billing(dryRun))}`,
    ...copiesNote(dryRun),
    ...(dryRun.events === 0
      ? [paragraph('Nothing was sent.')]
      : [
          paragraph('Nothing was sent. Run the command without --dry-run to send these events.'),
          paragraph(nativeNote),
        ]),
  ];
}

function part(head: string[], rows: string[][], what: string, isCut = false): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - rowsShown;
  return [
    `\n${records(head, rows.slice(0, rowsShown))}`,
    ...(more > 0 || isCut ? [`${more > 0 ? whole(more) : 'Some'} more ${what}; --json shows more.`] : []),
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

function billing({ events, billed, cost, pricePerMillion }: DryRun): string {
  const money = (amount: number) =>
    amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const price =
    cost === null || pricePerMillion === null
      ? 'Pass --price-per-million to see the cost.'
      : `They cost ${money(cost)} at ${money(pricePerMillion)} per million.`;
  return `${whole(events)} ${events === 1 ? 'event' : 'events'} would be sent. Mixpanel bills ${whole(billed)} of them, except those that it has already. ${price}`;
}
