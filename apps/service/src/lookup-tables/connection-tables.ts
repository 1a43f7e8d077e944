import type { Logger } from 'pino';
import type { ConnectionConfig } from '../config/config.ts';
import { sameConfig } from '../config/same-config.ts';
import type { JobStore } from './job-store.ts';
import type { Wait } from './read-braze.ts';
import { type Ran, runTables, unconfirmed } from './run-tables.ts';
import { afterRun, type Run, type State } from './state.ts';
import { tableIds } from './tables.ts';
import type { VendorAccess } from './vendor-access.ts';

export interface ConnectionTablesOptions {
  readonly connection: ConnectionConfig;
  /** As stored. */
  readonly state: State;
  readonly store: JobStore;
  readonly access: VendorAccess;
  /** Aborted when this replica does not lead any more. */
  readonly stop: AbortSignal;
  readonly logger: Logger;
  /** Milliseconds since 1970, by the schedules' clock. */
  readonly now: () => number;
}

/** The tables of one connection under one configuration: when they are due, and the run in progress. */
export class ConnectionTables {
  readonly #options: ConnectionTablesOptions;
  #state: State;
  #steps: AsyncGenerator<Wait, Ran> | undefined;
  #isDue: boolean;

  constructor(options: ConnectionTablesOptions, isReconfigured: boolean) {
    this.#options = options;
    this.#state = options.state;
    this.#isDue = isReconfigured || isUnfinished(options.state) || hasOtherTables(options);
  }

  /** Whether a configuration has the same tables and vendors. */
  isFor(connection: ConnectionConfig): boolean {
    return sameConfig(settingsOf(connection), settingsOf(this.#options.connection));
  }

  /** The run in progress. */
  get running(): Pick<Run, 'number' | 'dryRun'> | undefined {
    return this.#steps && (this.#state.run ?? undefined);
  }

  /** Time at which a run begins or continues, in milliseconds since 1970. */
  get dueAt(): number {
    const { run, nextAt } = this.#state;
    if (this.#steps !== undefined) return run?.wait?.until ?? 0;
    return this.#isDue ? 0 : nextAt;
  }

  /** Begins a run, and returns its number. */
  begin(dryRun: boolean): number {
    const { connection, store, access, now } = this.#options;
    const { run: last } = this.#state;
    const number = (last?.number ?? 0) + 1;
    const confirmed = confirmedIn(this.#state);
    this.#change({
      ...{ number, dryRun, startedAt: now(), endedAt: null },
      ...{ wait: null, progress: null, problem: null, tables: {} },
    });
    this.#isDue &&= dryRun;
    this.#steps = runTables({
      ...{ connection, store, confirmed, dryRun, now, ...access },
      onProgress: progress => this.#change({ progress }),
    });
    return number;
  }

  /** Begins or continues a run until it waits or ends, and stores that. */
  async advance(): Promise<void> {
    const { connection, stop, now } = this.#options;
    if (this.#steps === undefined) this.begin(false);
    this.#change({ wait: null });
    await this.#save();
    const { done, value } = await this.#steps!.next();
    // Requests of a process that is stopping say nothing about the vendors.
    if (stop.aborted) return;
    if (!done) this.#change({ wait: value });
    else {
      const { problem, tables, confirmed } = value;
      const before = this.#state.problem;
      this.#change({ problem, tables });
      this.#steps = undefined;
      const { intervalMs } = connection.lookupTables;
      this.#state = { ...afterRun(this.#state, now(), intervalMs), tables: confirmed };
      this.#log(before);
    }
    await this.#save();
  }

  #change(run: Partial<Run>): void {
    this.#state = { ...this.#state, run: { ...this.#state.run, ...run } as Run };
  }

  async #save(): Promise<void> {
    const { connection, store } = this.#options;
    await store.putState(connection.name, this.#state);
  }

  /** A problem is logged once, until it is another one. */
  #log(before: string | null): void {
    const { logger, connection } = this.#options;
    const { dryRun, problem, tables } = this.#state.run!;
    const written = Object.entries(tables).filter(([, { outcome }]) => outcome === 'written');
    const rows = Object.fromEntries(written.map(([table, each]) => [table, each.rows]));
    if (written.length > 0) logger.info({ connection: connection.name, rows }, 'lookup tables were written');
    if (problem !== null && problem !== before && !dryRun)
      logger.warn(
        { connection: connection.name, code: 'lookup_tables_kept' },
        `Lookup tables were not updated: ${problem}`,
      );
  }
}

/** What Mixpanel has, as far as it is known: a run that was interrupted may have replaced any table. */
function confirmedIn(state: State): State['tables'] {
  if (!isUnfinished(state) || state.run?.dryRun) return state.tables;
  return Object.fromEntries(Object.entries(state.tables).map(([table, each]) => [table, unconfirmed(each)]));
}

/** A former process began a run and did not end it. */
const isUnfinished = ({ run }: State): boolean => run !== null && run.endedAt === null;

/** A table was added or replaced since the last run. */
const hasOtherTables = ({ connection, state: { run, tables } }: ConnectionTablesOptions): boolean =>
  [...tableIds(connection.lookupTables)].some(
    ([table, id]) => run?.tables[table] === undefined || (tables[table]?.id ?? id) !== id,
  );

const settingsOf = ({ name, mixpanel, braze, lookupTables }: ConnectionConfig) => ({
  ...{ name, mixpanel, braze, lookupTables },
});
