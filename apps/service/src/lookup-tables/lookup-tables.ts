import type { Logger } from 'pino';
import type { Activity, Clock } from '../clock/index.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { LeaderJob } from '../replicas/leader-job.ts';
import type { Work } from '../replicas/leadership.ts';
import { ConnectionTables } from './connection-tables.ts';
import type { JobStore } from './job-store.ts';
import { LookupTablesError } from './lookup-tables-error.ts';
import { tableIds } from './tables.ts';
import { type VendorAccessOptions, vendorAccess } from './vendor-access.ts';

export interface LookupTablesOptions extends Omit<VendorAccessOptions, 'now'> {
  readonly store: JobStore;
  /** The present configuration. */
  readonly connections: () => readonly ConnectionConfig[];
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
}

/** Wait after storage failed. */
const retryMs = 10 * 60_000;

/**
 * Keeps the lookup tables of all connections up to date, for as long as this replica leads: a run reads Braze and
 * replaces the tables that changed. A run waits for limits without holding anything else up, and continues. One that
 * a stop interrupts is begun again by the next leader, which finds what was read in storage.
 */
export class LookupTables {
  readonly #options: LookupTablesOptions;
  readonly #accessOf: ReturnType<typeof vendorAccess>;
  readonly #tables = new Map<string, ConnectionTables>();
  readonly #job: LeaderJob;
  /** Whether documents of removed connections may be in storage. */
  #hasRemoved = true;

  constructor(options: LookupTablesOptions) {
    const { clock, activity } = options;
    this.#options = options;
    this.#accessOf = vendorAccess({ ...options, now: () => clock.now() });
    this.#job = new LeaderJob({
      clock,
      activity,
      name: 'upload of lookup tables',
      nextAt: () => this.#nextAt(),
      run: () => this.#work(),
    });
  }

  /** Begins the schedule, until the returned work is closed. */
  lead(): Work {
    this.#hasRemoved = true;
    const work = this.#job.lead();
    return {
      close: async () => {
        await work.close();
        this.#tables.clear();
      },
    };
  }

  get leads(): boolean {
    return this.#job.leads;
  }

  /** The configuration changed: connections with other tables or vendors are due at once. */
  reconfigured(): void {
    this.#hasRemoved = true;
    void this.#job.runNow();
  }

  /**
   * Begins a run now, and resolves to its number. @throws LookupTablesError where the connection has no tables, this
   * replica does not lead, or a run of the other kind is in progress
   */
  async push(name: string, dryRun: boolean): Promise<number> {
    const connection = this.#connections().find(each => each.name === name);
    if (connection === undefined) throw new LookupTablesError('lookup_tables_off');
    if (!this.leads) throw new LookupTablesError('lookup_tables_no_leader');
    const tables = await this.#of(connection);
    const { running } = tables;
    if (running !== undefined && running.dryRun !== dryRun)
      throw new LookupTablesError('lookup_tables_running');
    const number = running?.number ?? tables.begin(dryRun);
    void this.#job.runNow();
    return number;
  }

  #connections(): ConnectionConfig[] {
    return this.#options.connections().filter(({ lookupTables }) => tableIds(lookupTables).size > 0);
  }

  #nextAt(): number | undefined {
    const { clock } = this.#options;
    const times = this.#connections().map(
      ({ name }) => this.#tables.get(name)?.dueAt ?? clock.now() + retryMs,
    );
    if (this.#hasRemoved) times.push(clock.now() + retryMs);
    if (times.length === 0) return undefined;
    const first = times.reduce((least, at) => Math.min(least, at));
    return Math.max(first, clock.now());
  }

  /** The tables of a connection under its present configuration; a run under another one is given up. */
  async #of(connection: ConnectionConfig): Promise<ConnectionTables> {
    const { store, logger, clock } = this.#options;
    const { name } = connection;
    const present = () => {
      const tables = this.#tables.get(name);
      return tables?.isFor(connection) ? tables : undefined;
    };
    const known = present();
    if (known !== undefined) return known;
    const state = await store.state(name);
    // Meanwhile another caller may have read it too.
    const other = present();
    if (other !== undefined) return other;
    const { stop } = this.#job;
    const access = this.#accessOf(connection, stop);
    const tables = new ConnectionTables(
      { connection, state, store, access, stop, logger, now: () => clock.now() },
      this.#tables.has(name),
    );
    this.#tables.set(name, tables);
    return tables;
  }

  async #work(): Promise<void> {
    const { clock, logger } = this.#options;
    await this.#removeOthers();
    const connections = this.#connections();
    const names = new Set(connections.map(({ name }) => name));
    for (const name of this.#tables.keys()) if (!names.has(name)) this.#tables.delete(name);
    for (const connection of connections) {
      if (this.#job.stop.aborted) return;
      try {
        const tables = await this.#of(connection);
        if (tables.dueAt <= clock.now()) await tables.advance();
      } catch (error) {
        if (this.#job.stop.aborted) return;
        const { name } = connection;
        logger.error({ err: error, connection: name }, 'a run of the lookup tables failed; retrying');
        this.#tables.delete(name);
      }
    }
  }

  /** Deletes what is stored of connections that the configuration does not have. */
  async #removeOthers(): Promise<void> {
    const { store, connections, logger } = this.#options;
    if (!this.#hasRemoved) return;
    this.#hasRemoved = false;
    try {
      await store.keepOnly(connections().map(({ name }) => name));
    } catch (error) {
      this.#hasRemoved = true;
      logger.error({ err: error }, 'documents of removed connections were not deleted; retrying');
    }
  }
}
