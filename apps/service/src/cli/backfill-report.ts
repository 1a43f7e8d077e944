import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { dryRunReport } from './dry-run-report.ts';
import { gapsReport } from './gaps-report.ts';
import { nothingNew } from './nothing-new.ts';
import { counted, fields, minute, paragraph, records, whole } from './terminal.ts';

const typesShown = 30;
const faultsShown = 10;

/**
 * A back-fill as text: its state, its counts, and what could not be read.
 *
 * @param isLater whether it is shown by another command than the one that started it
 */
export function backfillReport(
  { delivery, dryRun, gaps, ...job }: BackfillJson,
  { isLater = false }: { readonly isLater?: boolean } = {},
): string {
  const { report } = job;
  const { files, events, byType, faults } = report;
  const label = isRead(job, gaps) ? 'read' : 'accepted';
  const types = Object.entries(byType).sort(([, a], [, b]) => b - a);
  return [
    fields(titleOf(job), {
      ...{ id: String(job.id), connection: job.connection, source: job.source, state: job.state },
      from: job.from && minute(job.from),
      to: job.to && `before ${minute(job.to)}`,
      events: job.events,
      ...(job.collects && {
        'last look': job.collected ? minute(job.collected.lookedAt) : 'not yet',
        problem: job.collected?.problem,
      }),
      files: filesText(files),
      [label]: events.accepted,
      'not wanted': events.notWanted,
      'older than 5 years': events.tooOld,
    }),
    ...(job.isDryRun
      ? []
      : [
          `\n${fields(job.collects ? `connection ${job.connection}` : `all back-fills of ${job.connection}`, delivery)}`,
        ]),
    ...(types.length === 0
      ? []
      : [`\n${records(['event type of Braze', label], types.slice(0, typesShown))}`]),
    ...(types.length > typesShown
      ? [`${counted(types.length - typesShown, 'more type', 'more types')}; --json shows all.`]
      : []),
    ...(faults.count === 0 ? [] : [`\n${paragraph(faultsHead(faults))}`]),
    ...faults.shown
      .slice(0, faultsShown)
      .map(({ path, offset, message }) => paragraph(`${path}, byte ${offset}: ${message}`)),
    ...(dryRun ? dryRunReport(dryRun, job, isLater) : []),
    ...(isNothing(job) ? [`\n${paragraph(nothingNew(job))}`] : []),
    ...(gaps && !isNothing(job) ? gapsReport(gaps, job) : []),
    ...(job.problem === null ? [] : [`\n${paragraph(`It failed. ${job.problem}`)}`]),
  ].join('\n');
}

/** Whether the report counts what was read: a search for gaps counts the files first, and then what it accepts. */
const isRead = (
  { isDryRun, isSearchForGaps }: Pick<BackfillJson, 'isDryRun' | 'isSearchForGaps'>,
  gaps: BackfillJson['gaps'],
): boolean => (isSearchForGaps ? gaps === undefined : isDryRun);

/** What a back-fill does, in two or three words. */
export function titleOf({
  collects,
  isDryRun,
  isSearchForGaps,
}: Pick<BackfillJson, 'collects' | 'isDryRun' | 'isSearchForGaps'>): string {
  if (collects) return 'collected files';
  if (isSearchForGaps) return 'search for gaps';
  return isDryRun ? 'dry run' : 'back-fill';
}

/**
 * Whether a back-fill has read its source and accepted nothing. A dry run says so itself, and so does a search
 * for gaps where there are files.
 */
function isNothing({
  state,
  collects,
  isDryRun,
  isSearchForGaps,
  report,
}: Omit<BackfillJson, 'delivery'>): boolean {
  if (state !== 'done' || collects || report.events.accepted > 0) return false;
  return isSearchForGaps ? Object.values(report.files).every(count => count === 0) : !isDryRun;
}

function filesText({
  read,
  damaged,
  already,
  passedOver,
  unreadable,
  other,
}: BackfillJson['report']['files']): string {
  return [
    `${whole(read)} read`,
    ...(damaged === 0 ? [] : [`${whole(damaged)} read in part`]),
    ...[`${whole(already)} read before`, `${whole(passedOver)} without wanted events`],
    `${whole(unreadable)} unreadable`,
    ...(other === 0 ? [] : [`${whole(other)} other than Avro`]),
  ].join(', ');
}

function faultsHead({ count, shown }: BackfillJson['report']['faults']): string {
  const known = Math.min(faultsShown, shown.length);
  const more = count > known ? ` The first ${known}; the log of the service has all:` : '';
  return `${counted(count, 'place', 'places')} could not be read; everything else was.${more}`;
}
