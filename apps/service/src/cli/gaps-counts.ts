import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { records, whole } from './terminal.ts';

type Gaps = NonNullable<BackfillJson['gaps']>;

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** Missing events of all rows. */
export const missingOf = ({ missing, moreMissing }: Gaps): number =>
  sum(missing.map(({ count }) => count)) + moreMissing;

/**
 * The wanted events of the files as a table: each event in exactly one line, and their sum.
 *
 * @param hasEnded whether everything was compared that is compared
 */
export function gapsCounts(gaps: Gaps, hasEnded: boolean): string[] {
  const { suspects, present, underAnotherId, notCompared, ahead, skipped, deadLettered, copies } = gaps;
  const missing = missingOf(gaps);
  const left = sum(suspects.map(({ inFiles }) => inFiles)) - present - underAnotherId - missing;
  const lines: [string, number][] = [
    ['in Mixpanel', present],
    ['in Mixpanel under another $insert_id', underAnotherId],
    ['missing in Mixpanel', missing],
    ['not compared yet', hasEnded ? 0 : Math.max(0, left)],
    ['not compared, since as many were delivered', notCompared],
    ['not compared, ahead of the clock', ahead],
    ...counts('would be skipped', skipped),
    ...counts('would become dead letters', deadLettered),
    ['further copies of these', copies],
  ];
  const all = sum(lines.map(([, count]) => count));
  if (all === 0) return [];
  const shown = lines.filter(([, count]) => count > 0);
  return [
    `\n${records(
      ['events of the files', 'events'],
      [...shown, ['all', all]].map(([name, count]) => [name!, whole(Number(count))]),
    )}`,
  ];
}

const counts = (what: string, byReason: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(byReason).map(([reason, count]) => [`${what}: ${reason}`, count]);
