import type { DayCount } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { DeliveredDays } from '../delivered-on.ts';

const missingRow = z.object({
  hour: z.string().describe('YYYY-MM-DDTHH of the events’ own time, UTC.'),
  event: z.string().describe('Name in Mixpanel.'),
  count: z.int(),
});

/** What a search for gaps found. It is stored with the report. */
export const gapsSchema = z.object({
  suspects: z
    .array(z.object({ day: z.string(), event: z.string(), inFiles: z.int(), counted: z.int() }))
    .describe('Events by name and UTC day that are checked: the files have more than was delivered.'),
  checkedDays: z.int().describe('Days of these that are compared with Mixpanel, the earliest first.'),
  present: z.int().describe('Checked events that Mixpanel has.'),
  underAnotherId: z
    .int()
    .describe('Checked events that Mixpanel has under another $insert_id, from another sender.'),
  missing: z.array(missingRow).describe('Checked events that Mixpanel lacks, by hour and name.'),
  moreMissing: z.int().describe('Missing events of further rows.'),
});
export type GapsReport = z.output<typeof gapsSchema>;

/**
 * The days and events of which the files have more than was delivered; all of the files with `everyDay`. A
 * count that is right by chance, since events were sent again while others were lost, is found with
 * `everyDay` alone.
 *
 * @param delivered on these days
 */
export function findSuspects(
  inFiles: readonly DayCount[],
  delivered: DeliveredDays,
  everyDay: boolean,
): GapsReport {
  return {
    suspects: inFiles
      .map(each => ({
        ...{ day: each.day, event: each.event, inFiles: each.count },
        counted: delivered.of(each),
      }))
      .filter(each => everyDay || each.inFiles > each.counted)
      .sort((a, b) => (`${a.day} ${a.event}` < `${b.day} ${b.event}` ? -1 : 1)),
    ...{ checkedDays: 0, present: 0, underAnotherId: 0, missing: [], moreMissing: 0 },
  };
}

/** Names of the events that are checked, by day, in order of the days. */
export function checksByDay({ suspects }: GapsReport): [string, ReadonlySet<string>][] {
  const days = new Map<string, Set<string>>();
  for (const { day, event } of suspects) {
    const names = days.get(day) ?? new Set();
    days.set(day, names.add(event));
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}
