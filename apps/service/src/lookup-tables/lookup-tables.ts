import type { JobDocuments } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { type Activity, type Clock, ScheduledJob } from '../clock/index.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { sameConfig } from '../config/same-config.ts';
import { AnalyticsBudget, analyticsClient } from '../reconcile/braze/analytics-client.ts';
import type { Work } from '../replicas/leadership.ts';
import { JobStore } from './job-store.ts';
import { LookupTablesError } from './lookup-tables-error.ts';
import type { Wait } from './read-braze.ts';
import { replaceTable } from './replace-table.ts';
import { type Ran, runTables } from './run-tables.ts';
import { afterRun, type Run, type State } from './state.ts';
import { tableIds } from './tables.ts';

export interface LookupTablesOptions {
  readonly documents: JobDocuments;
  /** The present configuration. */
  readonly connections: () => readonly ConnectionConfig[];
  readonly clock: Clock;
  readonly activity: Activity;
  readonly fetch: typeof fetch;
  readonly withoutSecrets: (text: string) => string;
  /** Requests that all readers of Braze's analytics may use. */
  readonly budget: Pick<AnalyticsBudget, 'take'>;
  readonly logger: Logger;
}

/** A run that is in progress. */
interface InProgress {
  readonly connection: ConnectionConfig;
  readonly steps: AsyncGenerator<Wait, Ran>;
  run: Run;
}

/** Milliseconds until the last byte of an answer: a table may have 100 MB. */
const timeoutMs = 300_000;
const minuteMs = 60_000;
/** Wait after storage failed. */
const retryMs = 10 * minuteMs;

/**
 * Keeps the lookup tables of all connections up to date, for as long as this replica leads: a run reads Braze and
 * replaces the tables that changed. A run waits for limits without holding anything else up, and continues. One that
 * a stop interrupts is begun again by the next leader, which finds what was read in storage.
 */
export class LookupTables {
  readonly #options: LookupTablesOptions;
  readonly #store: JobStore;
  /** Half of the share of readers, in each minute its part: reports and sends do not wait for a run. */
  readonly #spread = new AnalyticsBudget(0.01, minuteMs);
  readonly #states = new Map<string, State>();
  readonly #inProgress = new Map<string, InProgress>();
  /** The configuration of the last run of this process. */
  readonly #ranWith = new Map<string, ConnectionConfig>();
  #stop = new AbortController();
  #job: ScheduledJob | undefined;

  constructor(options: LookupTablesOptions) {
    this.#options = options;
    this.#store = new JobStore(options.documents);
  }

  /** Begins the schedule, until the returned work is closed. */
  lead(): Work {
    const { clock, activity } = this.#options;
    this.#stop = new AbortController();
    const job = new ScheduledJob({
      clock,
      nextAt: () => this.#nextAt(),
      run: () => activity.track(() => this.#work()),
    });
    this.#job = job;
    void job.runNow();
    return {
      close: async () => {
        this.#job = undefined;
        this.#stop.abort();
        await job.close();
        this.#states.clear();
        this.#inProgress.clear();
        this.#ranWith.clear();
      },
    };
  }

  get leads(): boolean {
    return this.#job !== undefined;
  }

  /** The configuration changed: a connection whose settings changed is due at once. */
  reconfigured(): void {
    if (this.#connections().length > 0) void this.#job?.runNow();
  }

  /**
   * Begins a run now, and resolves to its number. @throws LookupTablesError where the connection has no tables, this
   * replica does not lead, or a run of the other kind is in progress
   */
  async push(name: string, dryRun: boolean): Promise<number> {
    const connection = this.#connections().find(each => each.name === name);
    if (connection === undefined) throw new LookupTablesError('lookup_tables_off');
    const job = this.#job;
    if (job === undefined) throw new LookupTablesError('lookup_tables_no_leader');
    const state = await this.#state(name);
    const known = this.#inProgress.get(name);
    if (known !== undefined && known.run.dryRun !== dryRun)
      throw new LookupTablesError('lookup_tables_running');
    if (known === undefined) {
      this.#begin(connection, state, dryRun);
      void job.runNow();
    }
    return this.#inProgress.get(name)!.run.number;
  }

  #connections(): ConnectionConfig[] {
    return this.#options.connections().filter(({ lookupTables }) => tableIds(lookupTables).size > 0);
  }

  #nextAt(): number | undefined {
    const times = this.#connections().map(each => this.#dueAt(each));
    return times.length === 0 ? undefined : times.reduce((least, at) => Math.min(least, at));
  }

  /** When a connection's run begins or continues. A state that is not known yet is read at the next run. */
  #dueAt(connection: ConnectionConfig): number {
    const { clock } = this.#options;
    const inProgress = this.#inProgress.get(connection.name);
    if (inProgress !== undefined) return inProgress.run.wait?.until ?? clock.now();
    const state = this.#states.get(connection.name);
    if (state === undefined) return clock.now() + retryMs;
    return isUnfinished(state) || this.#isOther(connection, state) ? clock.now() : state.nextAt;
  }

  /** Whether the settings differ from those of the last run. */
  #isOther(connection: ConnectionConfig, { run, tables }: State): boolean {
    const before = this.#ranWith.get(connection.name);
    if (before !== undefined) return !isSame(before, connection);
    return [...tableIds(connection.lookupTables)].some(
      ([table, id]) => run?.tables[table] === undefined || (tables[table]?.id ?? id) !== id,
    );
  }

  async #state(name: string): Promise<State> {
    const state = this.#states.get(name) ?? (await this.#store.state(name));
    this.#states.set(name, state);
    return state;
  }

  async #work(): Promise<void> {
    const { clock, logger } = this.#options;
    const connections = this.#connections();
    for (const [name, { connection }] of this.#inProgress)
      if (!connections.some(each => isSame(each, connection))) this.#inProgress.delete(name);
    for (const connection of connections) {
      if (this.#stop.signal.aborted) return;
      const { name } = connection;
      try {
        const state = await this.#state(name);
        if (this.#dueAt(connection) > clock.now()) continue;
        await this.#advance(this.#inProgress.get(name) ?? this.#begin(connection, state, false));
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        logger.error({ err: error, connection: name }, 'a run of the lookup tables failed; retrying');
        this.#inProgress.delete(name);
        this.#states.delete(name);
      }
    }
  }

  #begin(connection: ConnectionConfig, state: State, dryRun: boolean): InProgress {
    const { clock } = this.#options;
    const { name } = connection;
    const run: Run = {
      ...{ number: (state.run?.number ?? 0) + 1, dryRun, startedAt: clock.now(), endedAt: null },
      ...{ wait: null, progress: null, problem: null, tables: {} },
    };
    const inProgress: InProgress = {
      ...{ connection, run },
      steps: runTables({
        ...{ connection, store: this.#store, confirmed: state.tables, dryRun },
        ...{ read: this.#reader(connection), now: () => clock.now() },
        replace: (id, csv) => this.#replace(connection, id, csv),
        onProgress: progress => {
          inProgress.run = { ...inProgress.run, progress };
        },
      }),
    };
    this.#inProgress.set(name, inProgress);
    if (!dryRun) this.#ranWith.set(name, connection);
    return inProgress;
  }

  /** Continues a run until it waits or ends, and stores that. */
  async #advance(inProgress: InProgress): Promise<void> {
    const { clock } = this.#options;
    const { connection, steps } = inProgress;
    const { name } = connection;
    inProgress.run = { ...inProgress.run, wait: null };
    await this.#put(name, { ...(await this.#state(name)), run: inProgress.run });
    const { done, value } = await steps.next();
    // Requests of a process that is stopping say nothing about the vendors.
    if (this.#stop.signal.aborted) return;
    const state = await this.#state(name);
    if (!done) {
      inProgress.run = { ...inProgress.run, wait: value };
      await this.#put(name, { ...state, run: inProgress.run });
      return;
    }
    const { problem, tables, confirmed } = value;
    const run = { ...inProgress.run, problem, tables };
    this.#inProgress.delete(name);
    const { intervalMs } = connection.lookupTables;
    await this.#put(name, { ...afterRun(state, run, clock.now(), intervalMs), tables: confirmed });
    this.#log(name, run, state.problem);
  }

  async #put(name: string, state: State): Promise<void> {
    await this.#store.putState(name, state);
    this.#states.set(name, state);
  }

  /** A problem is logged once, until it is another one. */
  #log(connection: string, { dryRun, problem, tables }: Run, before: string | null): void {
    const { logger } = this.#options;
    const written = Object.entries(tables).filter(([, { outcome }]) => outcome === 'written');
    if (written.length > 0)
      logger.info(
        { connection, rows: Object.fromEntries(written.map(([table, { rows }]) => [table, rows])) },
        'lookup tables were written',
      );
    if (problem !== null && problem !== before && !dryRun)
      logger.warn({ connection, code: 'lookup_tables_kept' }, `Lookup tables were not updated: ${problem}`);
  }

  #reader({ braze: { restUrl, analyticsKey } }: ConnectionConfig) {
    if (restUrl === undefined || analyticsKey === undefined)
      throw new Error('Lookup tables without access to Braze passed the check of the configuration.');
    const { fetch, withoutSecrets, budget, clock } = this.#options;
    return analyticsClient({
      ...{ restUrl, key: analyticsKey, withoutSecrets, stop: this.#stop.signal },
      vendor: { fetch, timeoutMs: minuteMs, now: () => clock.now() },
      budget: {
        take: (...use) => {
          this.#spread.take(...use);
          budget.take(...use);
        },
      },
    });
  }

  #replace({ mixpanel }: ConnectionConfig, id: string, csv: string): Promise<string | undefined> {
    const { fetch, withoutSecrets, clock } = this.#options;
    const vendor = { fetch, timeoutMs, now: () => clock.now() };
    return replaceTable(id, csv, { mixpanel, vendor, withoutSecrets, stop: this.#stop.signal });
  }
}

/** A run that a former process began and did not end. */
const isUnfinished = ({ run }: State): boolean => run !== null && run.endedAt === null && !run.dryRun;

/** Whether two configurations have the same connection, tables and vendors. */
const isSame = (one: ConnectionConfig, other: ConnectionConfig): boolean =>
  sameConfig(settingsOf(one), settingsOf(other));
const settingsOf = ({ name, mixpanel, braze, lookupTables }: ConnectionConfig) => ({
  ...{ name, mixpanel, braze, lookupTables },
});
