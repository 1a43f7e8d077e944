import type { CohortStore } from '../../ports/index.ts';
import type { Method } from '../journal/journal-context.ts';
import type { Queryable } from '../server/database.ts';

/** Implementation of a method of the cohort store, in the caller's transaction or outside of one. */
export type Cohorts<Name extends keyof CohortStore> = Method<CohortStore[Name], Queryable>;
