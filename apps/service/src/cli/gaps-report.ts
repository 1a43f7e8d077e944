import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { paragraph, records, whole } from './terminal.ts';

type Gaps = NonNullable<BackfillJson['gaps']>;

const rowsShown = 40;

const counted = (count: number, one: string, many: string) => `${whole(count)} ${count === 1 ? one : many}`;

/** What a search for gaps found: the hours and events that are missing, and what it means. */
export function gapsReport(
  { suspects, checkedDays, present, underAnotherId, missing, moreMissing }: Gaps,
  { isDryRun, searchesEveryDay, state }: Pick<BackfillJson, 'isDryRun' | 'searchesEveryDay' | 'state'>,
): string[] {
  const days = new Set(suspects.map(({ day }) => day)).size;
  const rows = missing.map(({ hour, event, count }) => [`${hour.replace('T', ' ')}:00`, event, whole(count)]);
  const total = missing.reduce((sum, { count }) => sum + count, moreMissing);
  const named = isDryRun
    ? ' and were only named: run the command without --dry-run to send them'
    : ' and were accepted';
  const done = total === 0 ? '' : named;
  return [
    ...(rows.length === 0
      ? []
      : [`\n${records(['hour (UTC)', 'event', 'missing'], rows.slice(0, rowsShown))}`]),
    ...(rows.length > rowsShown ? [`${whole(rows.length - rowsShown)} more rows; --json shows them.`] : []),
    `\n${paragraph(
      suspects.length === 0
        ? searchesEveryDay
          ? 'The files have no events of these days.'
          : 'No day is suspect: on none do the files have more events than were delivered. --every-day compares all days with Mixpanel.'
        : `${whole(checkedDays)} of ${searchesEveryDay ? counted(days, 'day', 'days') : counted(days, 'suspect day', 'suspect days')} compared with Mixpanel: ${counted(total, 'event is', 'events are')} missing${done}; ${counted(present, 'is', 'are')} in Mixpanel.`,
    )}`,
    ...(underAnotherId === 0
      ? []
      : [
          paragraph(
            `${counted(underAnotherId, 'event is', 'events are')} in Mixpanel under another $insert_id and ${underAnotherId === 1 ? 'was' : 'were'} left out: another sender delivers them too, probably the native integration. See docs/moving-from-native.md.`,
          ),
        ]),
    ...(state === 'done' || suspects.length === 0
      ? []
      : [paragraph('The search has not ended, so this is not all.')]),
  ];
}
