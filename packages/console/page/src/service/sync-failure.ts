import type { CohortSync } from './status.ts';

/** Code of the problem of a sync whose change the safety stop holds: it waits for an operator, and fails in nothing. */
const saysHeld = 'shrinks_too_much';

/** What a sync fails with; `null` also while its only problem is that a change waits to be confirmed. */
export const failureOf = ({ held, problem }: Pick<CohortSync, 'held' | 'problem'>): CohortSync['problem'] =>
  held !== null && problem?.code === saysHeld ? null : problem;
