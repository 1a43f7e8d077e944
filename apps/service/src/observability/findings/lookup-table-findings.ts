import type { TablesJson } from '../../lookup-tables/tables-json.ts';
import type { Finding } from './finding.ts';

export interface LookupTableState {
  /** Of the connection; `undefined` where that is not known. */
  readonly tables?: Pick<TablesJson, 'problem' | 'failingSince'> | undefined;
}

/** Tables that the last run did not update. Events are not concerned. */
export function lookupTableFindings({ tables }: LookupTableState): Finding[] {
  if (tables === undefined || tables.problem === null) return [];
  return [
    {
      id: 'lookup_tables',
      severity: 'warning',
      since: tables.failingSince === null ? null : Date.parse(tables.failingSince),
      deadline: null,
      message: `Lookup tables are not up to date: ${tables.problem}`,
      next: 'Correct the reason, then run lookup-tables push. Until then the tables stay as they were.',
    },
  ];
}
