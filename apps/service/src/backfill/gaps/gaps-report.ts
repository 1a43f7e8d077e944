import { z } from 'zod';
import { type DeliveredDays, sumOf } from '../delivered-on.ts';
import type { StoredDryRunTally } from '../dry-run-tally.ts';

const missingRow = z.object({
  hour: z.string().describe('YYYY-MM-DDTHH of the events’ own time, UTC.'),
  event: z.string().describe('Name in Mixpanel.'),
  count: z.int(),
});

const notCompared = z.int().default(0);
const byReason = z.record(z.string(), z.int()).default({});

/**
 * What a search for gaps found. It is stored with the report. Once the search has ended, each wanted event of the
 * files is counted in exactly one of the counts, all but `suspects` and `checkedDays`.
 */
export const gapsSchema = z.object({
  suspects: z
    .array(z.object({ day: z.string(), event: z.string(), inFiles: z.int(), counted: z.int() }))
    .describe(
      'Events by name and UTC day that are checked, since the files have another number of them (each once) than was delivered (a repeated delivery counts again).',
    ),
  checkedDays: z.int().describe('Days of these that are compared with Mixpanel, the earliest first.'),
  present: z.int().describe('Checked events that Mixpanel has.'),
  underAnotherId: z
    .int()
    .describe('Checked events that Mixpanel has under another $insert_id, from another sender.'),
  missing: z.array(missingRow).describe('Checked events that Mixpanel lacks, by hour and name.'),
  moreMissing: z.int().describe('Missing events of further rows.'),
  notCompared: notCompared.describe(
    'Events that were not checked, since as many were delivered. Whether one of them is missing is not known.',
  ),
  ahead: notCompared.describe('Events whose time was ahead of the clock when the search began: not checked.'),
  skipped: byReason.describe('Events that delivery would skip, by reason: not checked.'),
  deadLettered: byReason.describe('Events that delivery would make dead letters, by reason: not checked.'),
  copies: notCompared.describe('Further copies of these events in the files.'),
});
export type GapsReport = z.output<typeof gapsSchema>;

/**
 * The events of the files before any was checked. Suspect are the days and names of which the files have another
 * number than was delivered: fewer deliveries, or more, since repeated ones may hide missing events. With
 * `everyDay` all of them are. A number that is equal by chance is found with `everyDay` alone.
 *
 * @param tally of the files
 * @param delivered on these days
 */
export function findSuspects(
  { days, copies, skipped, deadLettered, notes }: StoredDryRunTally,
  delivered: DeliveredDays,
  everyDay: boolean,
): GapsReport {
  const all = days.map(({ day, event, count }) => ({
    ...{ day, event, inFiles: count, counted: delivered.of({ day, event }) },
  }));
  const suspects = all.filter(({ inFiles, counted }) => everyDay || inFiles !== counted);
  const keys = new Set(suspects.map(keyOf));
  const unchecked = <Each extends { day: string; event: string }>(of: readonly Each[]) =>
    of.filter(each => !keys.has(keyOf(each)));
  return {
    suspects: suspects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    ...{ checkedDays: 0, present: 0, underAnotherId: 0, missing: [], moreMissing: 0 },
    ...{ notCompared: sumOf(unchecked(days)), copies: sumOf(unchecked(copies)) },
    ...{ skipped, deadLettered, ahead: notes.timeAhead ?? 0 },
  };
}

const keyOf = ({ day, event }: { day: string; event: string }): string => `${day} ${event}`;

/** Names of the events that are checked, by day, in order of the days. */
export function checksByDay({ suspects }: GapsReport): [string, ReadonlySet<string>][] {
  const days = new Map<string, Set<string>>();
  for (const { day, event } of suspects) {
    const names = days.get(day) ?? new Set();
    days.set(day, names.add(event));
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}
