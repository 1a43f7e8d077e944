import { cohortChanges } from '@braze-mixpanel/core/braze';
import { memberKey } from '@braze-mixpanel/core/cohorts';

/** `cohort_changes` of a request that adds one member to a cohort in Braze and removes another. */
export function example() {
  const key = (id: string) => memberKey({ kind: 'external_id', id });
  return cohortChanges([
    { key: key('ada'), remove: false },
    { key: key('bob'), remove: true },
  ]);
}
