import { type DriftJson, isDrift } from '../../cohorts/index.ts';
import type { Finding } from './finding.ts';

export interface CohortDriftState {
  /** Cohorts with a segment in `COHORT_SEGMENTS`, and their last comparison; `null` before the first. */
  readonly drifts?: readonly { readonly cohort: string; readonly drift: DriftJson | null }[] | undefined;
}

/** Segments with more users than their cohorts, and segments of which that is not known. */
export const cohortDriftFindings = ({ drifts = [] }: CohortDriftState): Finding[] =>
  [tooLarge(drifts), notCompared(drifts)].filter(each => each !== undefined);

type Drifts = NonNullable<CohortDriftState['drifts']>;
const id = 'cohort_drift';

function tooLarge(drifts: Drifts): Finding | undefined {
  const found = drifts.flatMap(({ cohort, drift }) =>
    drift && isDrift(drift) ? [{ cohort, ...drift }] : [],
  );
  if (found.length === 0) return undefined;
  const each = found.map(
    ({ cohort, segment, size, accepted, day }) =>
      `segment ${segment} has about ${size} users (${day}), and Braze accepted ${accepted} of cohort ${cohort}`,
  );
  return {
    ...{ id, severity: 'warning', since: null, deadline: null },
    message: `Segments in Braze have users who are no members in Mixpanel: ${each.join('; ')}.`,
    next: 'Find these users and remove them: docs/operate/cohort-drift.md.',
  };
}

function notCompared(drifts: Drifts): Finding | undefined {
  const open = drifts.filter(({ drift }) => drift === null || drift.difference === null);
  if (open.length === 0) return undefined;
  const each = open.map(({ cohort, drift }) => `Cohort ${cohort}: ${drift?.why ?? 'Not compared yet.'}`);
  return {
    ...{ id, severity: 'unverified', since: null, deadline: null },
    message: `It is not known whether Braze has users besides the members. ${each.join(' ')}`,
    next: 'Correct the reason. Segments are compared every day at 04:00 UTC.',
  };
}
