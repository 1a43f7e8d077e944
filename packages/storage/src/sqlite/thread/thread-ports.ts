import type {
  AuditLog,
  Backfills,
  BrazeUsers,
  CohortStore,
  DeadLetterStore,
  FirstSeen,
  IdSummaries,
  JobDocuments,
  Journal,
  MappingHistory,
  MetricHistory,
  Receipts,
  Reconciliations,
  Retention,
  StandingFailures,
  Swept,
  Tombstones,
} from '../../ports/index.ts';

/** Commands from which the main thread composes the methods of `Storage` itself. */
export interface Upkeep {
  /** Deletes a part of what is older than its retention. Nothing deleted means that nothing is left. */
  sweep(retention: Retention): Promise<Swept>;
  /** Whether the write-ahead log is empty now. */
  overwrite(): Promise<boolean>;
  writeProbe(bytes: number): Promise<void>;
  clearProbe(): Promise<void>;
}

/** What the storage thread implements. */
export interface ThreadPorts {
  journal: Journal;
  deadLetters: DeadLetterStore;
  cohorts: CohortStore;
  audit: AuditLog;
  backfills: Backfills;
  idSummaries: IdSummaries;
  firstSeen: FirstSeen;
  standingFailures: StandingFailures;
  mappingHistory: MappingHistory;
  metricHistory: MetricHistory;
  reconciliations: Reconciliations;
  jobDocuments: JobDocuments;
  tombstones: Tombstones;
  receipts: Receipts;
  brazeUsers: BrazeUsers;
  upkeep: Upkeep;
}

/** `journal.append` */
export type CommandName = {
  [Port in keyof ThreadPorts]: `${Port}.${keyof ThreadPorts[Port] & string}`;
}[keyof ThreadPorts];
