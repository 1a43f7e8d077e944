import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import {
  cohortMarks,
  cohortReport,
  differenceMarks,
  differenceReport,
  ledgerMarks,
  ledgerReport,
} from './cohort-report.ts';
import { measureCohorts, type Source } from './measure-cohorts.ts';
import { measureDifference } from './measure-difference.ts';
import { measureLedger } from './measure-ledger.ts';

/** Options of `bench cohorts`. */
export interface CohortArguments extends CommonArguments {
  members: number;
  source: Source;
  timeout: number;
}

/** Options of `bench difference` and `bench ledger`. */
export interface DifferenceArguments extends CommonArguments {
  members: number;
  timeout: number;
}

/** Measures the first sync of a cohort and that of a change. @throws Error if the sync fails or is too slow */
export async function cohorts({ members, source, timeout }: CohortArguments): Promise<Measured> {
  const figures = await measureCohorts({ members, source, timeoutMs: timeout * 1_000 });
  return {
    ...{ bench: 'cohorts', options: { members, source }, figures },
    ...{ marks: cohortMarks(figures), text: cohortReport(figures) },
  };
}

/** Measures the comparison of two stored snapshots alone. */
export async function compareSnapshots({ members, timeout }: DifferenceArguments): Promise<Measured> {
  const figures = await measureDifference(members, timeout * 1_000);
  return {
    ...{ bench: 'difference', options: { members }, figures },
    ...{ marks: differenceMarks(figures), text: differenceReport(figures) },
  };
}

/** Measures a run in which no member matches, and the pages of its ledger. */
export async function ledger({ members, timeout }: DifferenceArguments): Promise<Measured> {
  const figures = await measureLedger(members, timeout * 1_000);
  return {
    ...{ bench: 'ledger', options: { members }, figures },
    ...{ marks: ledgerMarks(figures), text: ledgerReport(figures) },
  };
}
