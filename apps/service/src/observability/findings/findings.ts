/**
 * What an operator has to know about a connection: credentials and hosts that end or are refused, a Current that
 * fails, user ids that Mixpanel does not keep apart, lookup tables that are out of date, segments that have
 * more users than their cohorts, deletions of users that do not succeed. Pure functions of a state and a time. `doctor`, the warnings at
 * start, `/status`, the metric and its alert render these findings and nothing else. What is not known is a finding of
 * severity `unverified`, never an absent one.
 */
import { type CohortDriftState, cohortDriftFindings } from './cohort-drift-findings.ts';
import { type CurrentsState, currentsFindings } from './currents-findings.ts';
import { type DeletionsState, deletionFindings } from './deletion-findings.ts';
import type { Finding } from './finding.ts';
import { type IdState, idFindings } from './id-findings.ts';
import { type LookupTableState, lookupTableFindings } from './lookup-table-findings.ts';
import { type MixpanelState, mixpanelFindings } from './mixpanel-findings.ts';

/** The state of one connection. Only the configuration is known before the service runs. */
export interface ConnectionState
  extends MixpanelState,
    CurrentsState,
    IdState,
    LookupTableState,
    CohortDriftState,
    DeletionsState {}

/** All findings of a connection at a time, in milliseconds since 1970. */
export const findingsOf = (state: ConnectionState, now: number): Finding[] => [
  ...mixpanelFindings(state, now),
  ...currentsFindings(state, now),
  ...idFindings(state),
  ...lookupTableFindings(state),
  ...cohortDriftFindings(state),
  ...deletionFindings(state),
];

/** Findings as a start of the service logs them: those that need action, with the next step. */
export const startWarnings = (state: ConnectionState, now: number): string[] =>
  findingsOf(state, now)
    .filter(({ severity }) => severity !== 'unverified')
    .map(({ message, next }) => `${message} ${next}`);
