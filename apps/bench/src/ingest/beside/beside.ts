import { backfillBeside } from './backfill-beside.ts';
import { backlogBeside } from './backlog-beside.ts';
import { cohortBeside } from './cohort-beside.ts';
import type { BesideSetting, BesideWork } from './work.ts';

/** Other work of the service while live batches arrive. */
export const besides = ['backlog', 'cohort', 'backfill'] as const;
export type Beside = (typeof besides)[number];

/** Defaults of `--beside-size`: events of the backlog, members of the cohort, events of the back-fill. */
export const besideSizes: Record<Beside, number> = {
  backlog: 1_000_000,
  cohort: 100_000,
  backfill: 3_000_000,
};

const prepare: Record<Beside, (setting: BesideSetting) => Promise<BesideWork>> = {
  backlog: backlogBeside,
  cohort: cohortBeside,
  backfill: backfillBeside,
};

/** Prepares the work before the service starts. */
export const prepareBeside = (kind: Beside, setting: BesideSetting): Promise<BesideWork> =>
  prepare[kind](setting);
