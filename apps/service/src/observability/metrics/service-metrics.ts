import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ConnectionStatus, ServiceStatus } from '../status.ts';
import type { StorageSpace } from '../storage-space.ts';
import {
  type Catalogue,
  catalogue,
  deliveryStates,
  mostCohorts,
  mostRules,
  reasons,
  refusers,
} from './catalogue.ts';

/** Problems of a sync that end only once an operator has changed the credentials, the plan or the address. */
const queryRefusals: ReadonlySet<string> = new Set([
  'mixpanel_query_credentials_refused',
  'mixpanel_query_refused',
  'mixpanel_query_not_in_plan',
]);

/** Which vendor rejects credentials, address or project of a connection. */
export function refusalsOf({
  delivery,
  cohorts,
}: Pick<ConnectionStatus, 'delivery' | 'cohorts'>): Record<(typeof refusers)[number], boolean> {
  const problems = cohorts.map(({ problem }) => problem?.code);
  return {
    mixpanel_import: delivery?.state === 'parked',
    mixpanel_query: problems.some(problem => problem !== undefined && queryRefusals.has(problem)),
    braze: problems.includes('braze_credentials_refused') || problems.includes('braze_address_refused'),
  };
}

/** The counts of a report. */
interface ReconciledCounts {
  readonly events: number;
  readonly unexplained: number;
  readonly findings: readonly string[];
  readonly notKnown: readonly string[];
}

/** A vendor that cohort requests go to. */
export type Vendor = 'mixpanel' | 'braze';

/**
 * The metrics of `GET /metrics`.
 *
 * Storage counts events, in the transactions that settle them: these counters survive restarts, and all
 * replicas on one storage report the same values. Each process counts requests, batches and timestamps for
 * itself.
 */
export class ServiceMetrics {
  readonly #catalogue: Catalogue = catalogue();

  /** A request of Braze ended; `answer` is `accepted`, `aborted` or an error code. */
  currents(connection: string, answer: string, seconds: number): void {
    this.#catalogue.currentsSeconds.observe({ connection, answer }, seconds);
  }

  /** A batch is durable; `at` in milliseconds since 1970. */
  batch(connection: string, at: number): void {
    this.#catalogue.batches.inc({ connection });
    this.#catalogue.lastBatch.set({ connection }, at / 1_000);
  }

  /** A request of Braze has an unknown version. */
  unknownVersion(connection: string): void {
    this.#catalogue.unknownVersions.inc({ connection });
  }

  imported(connection: string, answer: string, seconds: number): void {
    this.#catalogue.importSeconds.observe({ connection, answer }, seconds);
  }

  /** A page of a pushed cohort was refused. */
  pageRefused(connection: string, code: string): void {
    this.#catalogue.pagesRefused.inc({ connection, code });
  }

  /** The newest report of `reconcile`; none when another replica makes them. */
  reconciled(connection: string, report: ReconciledCounts | undefined): void {
    const { unexplainedEvents, unexplainedRatio, reconcileFindings, reconcileNotKnown } = this.#catalogue;
    if (report === undefined) {
      for (const each of [unexplainedEvents, unexplainedRatio, reconcileFindings, reconcileNotKnown])
        each.remove({ connection });
      return;
    }
    const { events, unexplained, findings, notKnown } = report;
    unexplainedEvents.set({ connection }, unexplained);
    unexplainedRatio.set({ connection }, events === 0 ? 0 : unexplained / events);
    reconcileFindings.set({ connection }, findings.length);
    reconcileNotKnown.set({ connection }, notKnown.length);
  }

  cohortRequest(connection: string, vendor: Vendor, answer: string, seconds: number): void {
    this.#catalogue.cohortSeconds.observe({ connection, vendor, answer }, seconds);
  }

  /**
   * The body of a scrape and its content type. Without a status, `ready` is 0 and the values from storage are
   * absent.
   */
  async render(
    status: ServiceStatus | undefined,
    space: StorageSpace | undefined,
  ): Promise<{ type: string; text: string }> {
    const { registry } = this.#catalogue;
    this.#set(status, space);
    return {
      type: registry.contentType,
      text: `${await registry.metrics()}\n${await ofProcess().metrics()}`,
    };
  }

  /** Synchronous, so that two concurrent scrapes never see half-set values. */
  #set(status: ServiceStatus | undefined, space: StorageSpace | undefined): void {
    const { ready, connections } = status ?? { ready: false, connections: {} };
    const {
      registry: _,
      currentsSeconds,
      importSeconds,
      cohortSeconds,
      batches,
      unknownVersions,
      lastBatch,
      pagesRefused: _pagesRefused,
      unexplainedEvents: _unexplainedEvents,
      unexplainedRatio: _unexplainedRatio,
      reconcileFindings: _reconcileFindings,
      reconcileNotKnown: _reconcileNotKnown,
      ...gauges
    } = this.#catalogue;
    for (const metric of Object.values(gauges)) metric.reset();
    gauges.ready.set(ready ? 1 : 0);
    if (space) {
      const { kind: storage, freeBytes, usedBytes } = space;
      gauges.storageUsed.set({ storage }, usedBytes);
      if (freeBytes !== undefined) gauges.storageFree.set({ storage }, freeBytes);
    }
    for (const [connection, each] of Object.entries(connections)) {
      batches.inc({ connection }, 0);
      unknownVersions.inc({ connection }, 0);
      this.#setEvents(connection, each);
      this.#setDelivery(connection, each);
      this.#setFindings(connection, each);
      this.#setTables(connection, each);
      this.#setDeletions(connection, each);
      for (const { kind, name, at } of each.firstSeen ?? [])
        gauges.firstSeen.set({ connection, kind, name }, Date.parse(at) / 1_000);
    }
    this.#setCohorts(Object.values(connections));
  }

  #setEvents(connection: string, status: ConnectionStatus): void {
    const { accepted, imported, skipped, excluded, deadLetters, notes, ...backlog } = this.#catalogue;
    const { pending, quarantined } = status;
    accepted.inc({ connection }, status.accepted);
    imported.inc({ connection }, status.imported);
    setAll(reasons.skipped, status.skipped, (reason, events) => skipped.inc({ connection, reason }, events));
    const rules = Object.entries(status.excluded).sort(([, a], [, b]) => b - a);
    for (const [rule, events] of rules.slice(0, mostRules)) excluded.inc({ connection, rule }, events);
    setAll(reasons.dead, status.deadLettered, (reason, events) =>
      deadLetters.set({ connection, reason }, events),
    );
    setAll([], status.notes, (note, events) => notes.inc({ connection, note }, events));
    backlog.refusing.set({ connection }, status.refusing === null ? 0 : 1);
    backlog.quarantined.set({ connection }, quarantined.batches);
    backlog.backlogBatches.set({ connection }, pending.batches);
    backlog.backlogEvents.set({ connection }, pending.events);
    backlog.backlogEarly.set({ connection }, pending.early);
    backlog.backlogBytes.set({ connection }, pending.bytes);
    backlog.backlogAge.set({ connection }, pending.oldestSeconds ?? 0);
  }

  #setDelivery(connection: string, { delivery, cohorts }: ConnectionStatus): void {
    if (delivery === null) return;
    const { deliveryState, inFlight, atMost, failures, lastImport, credentialsRefused } = this.#catalogue;
    for (const state of deliveryStates)
      deliveryState.set({ connection, state }, delivery.state === state ? 1 : 0);
    inFlight.set({ connection }, delivery.requestsInFlight);
    atMost.set({ connection }, delivery.requestsAtMost);
    failures.set({ connection }, delivery.failuresInARow);
    if (delivery.lastSuccessAt !== undefined)
      lastImport.set({ connection }, Date.parse(delivery.lastSuccessAt) / 1_000);
    const refused = refusalsOf({ delivery, cohorts });
    for (const by of refusers) credentialsRefused.set({ connection, by }, refused[by] ? 1 : 0);
  }

  #setFindings(connection: string, { findings }: ConnectionStatus): void {
    for (const { id, severity, deadline } of findings ?? []) {
      this.#catalogue.deadlines.set({ connection, id, severity }, 1);
      if (deadline !== null)
        this.#catalogue.deadlineAt.set({ connection, id, severity }, Date.parse(deadline) / 1_000);
    }
  }

  #setTables(connection: string, { lookupTables }: ConnectionStatus): void {
    if (lookupTables === null || lookupTables.state === 'off') return;
    const { tableRows, tableSuccess, tablesFailing } = this.#catalogue;
    tablesFailing.set({ connection }, lookupTables.problem === null ? 0 : 1);
    for (const { table, rows, lastSuccess } of lookupTables.tables) {
      if (rows !== null) tableRows.set({ connection, table }, rows);
      if (lastSuccess !== null) tableSuccess.set({ connection, table }, Date.parse(lastSuccess) / 1_000);
    }
  }

  #setDeletions(connection: string, { deletions: status }: ConnectionStatus): void {
    if (status === null) return;
    const { deletions, deletionsStuck } = this.#catalogue;
    const { waiting, followed, done, failed, stuck } = status;
    for (const [state, count] of Object.entries({ waiting, followed, done, failed }))
      deletions.set({ connection, state }, count);
    for (const [state, count] of Object.entries(stuck)) deletionsStuck.set({ connection, state }, count);
  }

  #setCohorts(connections: readonly ConnectionStatus[]): void {
    const syncs = connections.flatMap(({ cohorts }) => cohorts);
    const {
      cohortMembers,
      cohortConfirmed,
      cohortReadBack,
      cohortUnmatched,
      cohortAttributeUpdates,
      cohortAssignments,
      cohortSegment,
      cohortSegmentMembers,
      cohortSuccess,
      cohortCreated,
      cohortPushed,
      cohortInterval,
    } = this.#catalogue;
    this.#catalogue.cohortsLeftOut.set(Math.max(0, syncs.length - mostCohorts));
    for (const sync of syncs.slice(0, mostCohorts)) {
      const { connection, cohort } = sync;
      if (sync.mixpanelMembers !== null)
        cohortMembers.set({ connection, cohort, at: 'mixpanel' }, sync.mixpanelMembers);
      cohortMembers.set({ connection, cohort, at: 'sent' }, sync.sentMembers);
      if (sync.mixpanelProfiles !== null)
        cohortMembers.set({ connection, cohort, at: 'mixpanel_profiles' }, sync.mixpanelProfiles);
      cohortMembers.set({ connection, cohort, at: 'braze' }, sync.brazeMembers);
      if (sync.confirmedMembers !== null) cohortConfirmed.set({ connection, cohort }, sync.confirmedMembers);
      if (sync.confirmedOf !== null) cohortReadBack.set({ connection, cohort }, sync.confirmedOf);
      cohortUnmatched.set({ connection, cohort }, sync.unmatched);
      cohortAttributeUpdates.inc({ connection, cohort }, sync.attributeUpdates);
      cohortAssignments.inc({ connection, cohort }, sync.assignments);
      if (sync.drift?.size != null) cohortSegment.set({ connection, cohort }, sync.drift.size);
      if (sync.drift?.accepted != null) cohortSegmentMembers.set({ connection, cohort }, sync.drift.accepted);
      if (sync.status !== 'active' || sync.mode !== 'dynamic') continue;
      cohortInterval.set({ connection, cohort }, sync.intervalSeconds);
      cohortCreated.set({ connection, cohort }, Date.parse(sync.created) / 1_000);
      if (sync.lastSuccess !== null)
        cohortSuccess.set({ connection, cohort }, Date.parse(sync.lastSuccess) / 1_000);
      if (sync.lastPush !== null) cohortPushed.set({ connection, cohort }, Date.parse(sync.lastPush) / 1_000);
    }
  }
}

/** Counts by key, with a zero for every key that is known and not counted. */
function setAll(
  known: readonly string[],
  counted: Readonly<Record<string, number>>,
  set: (key: string, count: number) => void,
): void {
  for (const key of new Set([...known, ...Object.keys(counted)])) set(key, counted[key] ?? 0);
}

let process: Registry | undefined;

/**
 * CPU, memory, event loop, file descriptors: of the process, however many services run in it, and from the
 * first scrape on.
 */
function ofProcess(): Registry {
  if (process === undefined) {
    process = new Registry();
    collectDefaultMetrics({ register: process });
  }
  return process;
}
