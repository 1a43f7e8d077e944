/**
 * The registry of syncs: created at start from storage and configuration, then by the API and by the webhook.
 *
 * - A sync is stored. The configuration changes its mode, interval and sink; it never makes it forget the
 *   members in Braze, unless the sink changes, since none are known of the new one. A sink that was not
 *   configured stays as long as its keys are there.
 * - A sync that was in the configuration only, and no longer is, becomes inactive: nothing is sent and no
 *   member is removed.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { Semaphore } from '@braze-mixpanel/concurrency';
import { forgetKnown, nextDue, runsOf } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Activity, Clock } from '../../clock/index.ts';
import type { CohortErrorCode } from '../../errors/cohort-errors.ts';
import type { RetryPolicy } from '../../vendor-http/retry-delay.ts';
import { CohortError } from '../cohort-error.ts';
import {
  type CohortConnection,
  type CohortEntry,
  canUse,
  defaultSink,
  neededAndSet,
  type SinkKind,
} from '../connection.ts';
import { partnerSink } from '../sinks/partner-sink.ts';
import type { Sink } from '../sinks/sink.ts';
import { trackSink } from '../sinks/track-sink.ts';
import { ListedCohorts } from '../sources/listed-cohorts.ts';
import { QueryBudget } from '../sources/query-budget.ts';
import { type QueryClient, queryClient } from '../sources/query-client.ts';
import { broughtBack } from './corrected-clock.ts';
import { scratchSuffix } from './dry-run.ts';
import { documentKey } from './stored-documents.ts';
import { forgetSync, StoredSync, storedRecords } from './stored-sync.ts';
import { newRecord, type SyncRecord, syncId, type Trigger } from './sync-record.ts';
import { runSync } from './sync-run.ts';
import { SyncRunner } from './sync-runner.ts';

export interface SyncRegistryOptions {
  readonly connections: readonly CohortConnection[];
  readonly store: CohortStore;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
  /** The `fetch` for one connection's requests. */
  readonly fetchOf: (connection: string) => typeof fetch;
  readonly random: () => number;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}

export interface Connected {
  readonly settings: CohortConnection;
  readonly client: QueryClient;
  readonly budget: QueryBudget;
  readonly listed: ListedCohorts;
  readonly sinks: Readonly<Record<SinkKind, Sink>>;
  /**
   * Runs at once over all connections: memory is limited, for any number of cohorts that are due at the same
   * moment.
   */
  readonly semaphore: Semaphore;
}

/** Runs at once of one connection. */
const runsAtOnce = 2;

/** Characters of an unknown ID in the answer. */
const shownOfId = 80;

type Wanted = Parameters<typeof newRecord>[0];

export class SyncRegistry {
  readonly #options: SyncRegistryOptions;
  readonly #connections: ReadonlyMap<string, Connected>;
  readonly #runners = new Map<string, SyncRunner>();
  /** Stored syncs that are not configured at present, or whose keys are missing. */
  readonly #inactive = new Map<string, SyncRecord>();
  /** Stored syncs with damaged records, which do not run, and their errors. */
  #damaged = new Map<string, CohortError>();
  readonly #adopting = new Map<string, Promise<SyncRunner>>();

  constructor(options: SyncRegistryOptions) {
    this.#options = options;
    const reads = (id: string) => this.#reads(id);
    this.#connections = new Map(options.connections.map(each => [each.name, connect(each, options, reads)]));
  }

  get connections(): Connected[] {
    return [...this.#connections.values()];
  }

  get damaged(): [id: string, error: CohortError][] {
    return [...this.#damaged];
  }

  /** Records that a damaged document is no longer stored. */
  discarded(key: string): void {
    this.#damaged.delete(key.slice(documentKey('sync', '').length));
  }

  get runners(): SyncRunner[] {
    return [...this.#runners.values()];
  }

  connected(name: string): Connected {
    const connected = this.#connections.get(name);
    if (connected) return connected;
    throw new CohortError('unknown_connection', name.slice(0, shownOfId));
  }

  /**
   * By `<connection>:<cohort>`, or by the cohort alone where only one connection has it. @throws CohortError
   */
  find(id: string): SyncRunner {
    const exact = this.#runners.get(id);
    if (exact) return exact;
    const alike = this.runners.filter(({ sync }) => sync.record.cohort === id);
    if (alike.length === 1) return alike[0]!;
    for (const [damaged, error] of this.#damaged)
      if (damaged === id || damaged.endsWith(`:${id}`)) throw error;
    throw new CohortError('sync_unknown', id.slice(0, shownOfId));
  }

  get(id: string): SyncRunner | undefined {
    return this.#runners.get(id);
  }

  #reads(id: string): boolean {
    const { record } = this.#runners.get(id)?.sync ?? {};
    return record?.source === 'query' && record.status === 'active';
  }

  /** Loads the stored syncs, then applies the configuration. */
  async restore(): Promise<void> {
    const { store, logger, clock } = this.#options;
    const { records: stored, damaged } = await storedRecords(store);
    const records = stored.map(record => broughtBack(record, clock.now()));
    // The runs that a damaged record refers to are not known.
    if (damaged.size === 0) await store.keepOnlyRuns(records.flatMap(({ state }) => [...runsOf(state)]));
    this.#damaged = damaged;
    for (const [id, error] of damaged) logger.error({ sync: id }, error.message);
    for (const record of records) {
      if (record.id.endsWith(scratchSuffix)) await forgetSync(record, store);
      else this.#inactive.set(record.id, record);
    }
    for (const { settings } of this.connections)
      for (const entry of settings.entries)
        if (!damaged.has(syncId(settings.name, entry.id)))
          await this.adopt(this.wanted(settings, entry, 'config'));
    for (const record of [...this.#inactive.values()]) {
      const connected = this.#connections.get(record.connection);
      const usable = connected && canUse(record.sink, connected.settings.braze);
      if (usable && record.origin !== 'config') this.#take(new StoredSync(record, store));
      else
        logger.warn(
          { sync: record.id },
          'this cohort is no longer configured: its sync stops, and its members stay in Braze',
        );
    }
  }

  /** The sync that an entry asks for. @throws CohortError when the connection can't serve it */
  wanted(settings: CohortConnection, entry: CohortEntry, origin: SyncRecord['origin']): Wanted {
    const id = syncId(settings.name, entry.id);
    const known = this.#runners.get(id)?.sync.record ?? this.#inactive.get(id);
    const kept = known && canUse(known.sink, settings.braze) ? known.sink : undefined;
    const sink = entry.sink ?? kept ?? defaultSink(settings);
    const source =
      entry.source ?? known?.source ?? (settings.mixpanel.queryCredentials ? 'query' : 'webhook');
    if (sink === undefined || !canUse(sink, settings.braze))
      throw new CohortError('braze_not_configured', neededAndSet(sink, settings.braze));
    refuseUnless(source === 'webhook' || settings.mixpanel.queryCredentials, 'query_not_configured');
    const { match } = settings;
    const byDevice = match.by === 'property' && match.as?.kind === 'device_id';
    refuseUnless(!(sink === 'track' && byDevice), 'track_needs_external_ids');
    const { id: cohort, mode, intervalMs = settings.syncIntervalMs } = entry;
    return { connection: settings.name, cohort, mode, source, sink, intervalMs, origin };
  }

  /**
   * As `wanted`, for a cohort that was pushed and may have no sync yet. @throws CohortError
   * `webhook_too_many_cohorts` too
   */
  wantedByPush(settings: CohortConnection, entry: CohortEntry): Wanted {
    const id = syncId(settings.name, entry.id);
    const isNew = !this.#inactive.has(id) && !this.#adopting.has(id);
    const syncs = [...this.runners.map(({ sync }) => sync.record), ...this.#inactive.values()];
    const pushed = syncs.filter(
      ({ connection, origin }) => connection === settings.name && origin === 'webhook',
    );
    if (isNew && pushed.length + this.#adopting.size >= settings.pushedAtMost)
      throw new CohortError('webhook_too_many_cohorts', `${pushed.length} of them`);
    return this.wanted(settings, entry, 'webhook');
  }

  /**
   * The runner of a sync: the existing one, an inactive one, or a new one, which begins with `status` where
   * it is given. Two concurrent calls create it once. @throws CohortError `cohort_document_damaged`
   */
  adopt(wanted: Wanted, status?: SyncRecord['status']): Promise<SyncRunner> {
    const id = syncId(wanted.connection, wanted.cohort);
    const runner = this.#runners.get(id);
    if (runner) return Promise.resolve(runner);
    const damaged = this.#damaged.get(id);
    if (damaged) return Promise.reject(damaged);
    const adopting = this.#adopting.get(id) ?? this.#adopt(id, wanted, status);
    this.#adopting.set(id, adopting);
    return adopting.finally(() => this.#adopting.delete(id));
  }

  /**
   * Ends and deletes a sync; its members stay in the cohort in Braze. If storage refuses the deletion, the
   * sync is paused, and still registered.
   */
  async remove(runner: SyncRunner): Promise<void> {
    await runner.sync.update(record => ({ ...record, status: 'paused' }));
    runner.halt();
    await runner.close();
    await forgetSync(runner.sync.record, this.#options.store);
    this.#runners.delete(runner.sync.record.id);
  }

  /** Storage first: a sync that could not be stored is not registered either. */
  async #adopt(id: string, wanted: Wanted, status: SyncRecord['status'] | undefined): Promise<SyncRunner> {
    const now = this.#options.clock.now();
    const known = this.#inactive.get(id);
    const sync = new StoredSync(known ?? newRecord(wanted, now), this.#options.store);
    await sync.update(record => {
      const adopted = known ? reconfigured(record, wanted, now) : record;
      return status === undefined ? adopted : { ...adopted, status };
    });
    return this.#take(sync);
  }

  #take(sync: StoredSync): SyncRunner {
    const { id, connection: name } = sync.record;
    const { settings: connection, ...connected } = this.connected(name);
    const options = { ...this.#options, ...connected, sync, connection };
    const run = (trigger: Trigger, stop: AbortSignal) => runSync(trigger, { ...options, stop });
    const runner = new SyncRunner({ ...options, run });
    this.#inactive.delete(id);
    this.#runners.set(id, runner);
    return runner;
  }
}

function reconfigured(record: SyncRecord, wanted: Wanted, now: number): SyncRecord {
  const { mode, source, sink, intervalMs, origin } = wanted;
  const revived = record.status === 'done' && mode === 'dynamic';
  const changed: SyncRecord = {
    ...record,
    ...{ mode, source, sink, intervalMs, origin },
    status: revived ? 'active' : record.status,
    due: Math.min(record.due, nextDue(record.createdAt, intervalMs, now)),
  };
  // Nothing is known of another sink, not even the cohort's name there.
  return sink === record.sink
    ? changed
    : {
        ...changed,
        state: forgetKnown(record.state),
        acceptedAt: undefined,
        readBack: undefined,
        drift: undefined,
        nameInBraze: undefined,
        status: record.status === 'paused' ? 'paused' : 'active',
      };
}

function connect(
  settings: CohortConnection,
  options: SyncRegistryOptions,
  reads: (sync: string) => boolean,
): Connected {
  const { clock, store, fetchOf, timeoutMs, policy, random } = options;
  const vendor = { fetch: fetchOf(settings.name), timeoutMs, now: () => clock.now() };
  const connection = settings.name;
  const budget = new QueryBudget({ connection, limit: settings.queriesPerHour, store, clock, reads });
  const wait = (milliseconds: number, stop: AbortSignal) =>
    pause(milliseconds, undefined, { signal: stop, ref: false }).catch(() => {});
  const { mixpanel } = settings;
  const client = queryClient({ mixpanel, budget, clock, vendor, policy, random, wait });
  return {
    settings,
    client,
    budget,
    listed: new ListedCohorts({ connection, client, store, clock }),
    semaphore: new Semaphore(runsAtOnce),
    sinks: { partner: partnerSink(settings.braze, vendor), track: trackSink(settings.braze, vendor) },
  };
}

function refuseUnless(condition: unknown, code: CohortErrorCode): asserts condition {
  if (!condition) throw new CohortError(code);
}
