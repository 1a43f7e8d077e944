import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { gapsCounts, missingOf } from './gaps-counts.ts';
import { counted, paragraph, records, whole } from './terminal.ts';

type Gaps = NonNullable<BackfillJson['gaps']>;

const rowsShown = 40;

/** A search marks no file as read: it leaves out what delivery would skip, and days that it did not compare. */
const filesNote =
  'A search marks no file as read, so a later back-fill without --gaps reads these files again and sends all of their events. Events that Mixpanel has under their $insert_id are not doubled by it.';
const otherIdNote = ' Those under another $insert_id would appear twice.';

const notKnown = (count: number): string =>
  `Whether any of the ${whole(count)} ${count === 1 ? 'event' : 'events'} that ${count === 1 ? 'was' : 'were'} not compared ${count === 1 ? 'is' : 'are'} missing is not known: an event that was delivered twice hides a missing one. --every-day compares every day with Mixpanel.`;

/** What a search for gaps found: the hours and events that are missing, and what it means. */
export function gapsReport(
  gaps: Gaps,
  { isDryRun, searchesEveryDay, state }: Pick<BackfillJson, 'isDryRun' | 'searchesEveryDay' | 'state'>,
): string[] {
  const { suspects, checkedDays, present, underAnotherId, missing, notCompared } = gaps;
  const days = new Set(suspects.map(({ day }) => day)).size;
  const rows = missing.map(({ hour, event, count }) => [`${hour.replace('T', ' ')}:00`, event, whole(count)]);
  const total = missingOf(gaps);
  const named = isDryRun
    ? ' and were only named: run the command without --dry-run to send them'
    : ' and were accepted';
  const done = total === 0 ? '' : named;
  return [
    ...(rows.length === 0
      ? []
      : [`\n${records(['hour (UTC)', 'event', 'missing'], rows.slice(0, rowsShown))}`]),
    ...(rows.length > rowsShown
      ? [`${counted(rows.length - rowsShown, 'more row', 'more rows')}; --json shows all.`]
      : []),
    ...gapsCounts(gaps, state === 'done'),
    `\n${paragraph(
      suspects.length === 0
        ? searchesEveryDay || notCompared === 0
          ? 'The files have no events of these days.'
          : 'No day was compared with Mixpanel: on each, as many events were delivered as the files have.'
        : `${whole(checkedDays)} of ${searchesEveryDay ? counted(days, 'day', 'days') : counted(days, 'suspect day', 'suspect days')} compared with Mixpanel: ${counted(total, 'event is', 'events are')} missing${done}; ${counted(present, 'is', 'are')} in Mixpanel.`,
    )}`,
    ...(underAnotherId === 0
      ? []
      : [
          paragraph(
            `${counted(underAnotherId, 'event is', 'events are')} in Mixpanel under another $insert_id and ${underAnotherId === 1 ? 'was' : 'were'} left out: another sender delivers them too, probably the native integration. See docs/moving-from-native.md.`,
          ),
        ]),
    ...(notCompared === 0 ? [] : [paragraph(notKnown(notCompared))]),
    ...(isDryRun || suspects.length === 0
      ? []
      : [paragraph(filesNote + (gaps.underAnotherId > 0 ? otherIdNote : ''))]),
    ...(state === 'done' || suspects.length === 0
      ? []
      : [paragraph('The search has not ended, so this is not all.')]),
  ];
}
