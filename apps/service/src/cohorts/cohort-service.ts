/** Actions on cohort syncs: of the API, of the webhook, at start and at the end. */
import { confirmTarget, keysOfRun, memberOfKey, newestTarget } from '@braze-mixpanel/core/cohorts';
import { daysAhead } from '../clock/day-span.ts';
import type { AnalyticsBudget } from '../vendor-http/braze-analytics.ts';
import type { CohortApi } from './cohort-api.ts';
import { CohortError } from './cohort-error.ts';
import type { CohortEntry } from './connection.ts';
import { DriftChecks } from './drift/drift-checks.ts';
import { listMembers } from './ledger/list-members.ts';
import { runReadBack } from './ledger/run-read-back.ts';
import { countedDays } from './ledger/sent-on-days.ts';
import { checkSchedule, type Polled } from './sources/check-schedule.ts';
import { discardDocument } from './syncs/discard-document.ts';
import { dryRun } from './syncs/dry-run.ts';
import { letPush, receivePage } from './syncs/receive-page.ts';
import { utcDay } from './syncs/run-cost.ts';
import { RunStore } from './syncs/run-store.ts';
import { readReport } from './syncs/stored-documents.ts';
import { damagedJson, reportJson, type SyncJson, syncJson } from './syncs/sync-json.ts';
import { membersAtLastRead, type SyncRecord, syncId } from './syncs/sync-record.ts';
import { SyncRegistry, type SyncRegistryOptions } from './syncs/sync-registry.ts';
import type { SyncRunner } from './syncs/sync-runner.ts';
import { forgetEverywhere } from './users/forget-everywhere.ts';
import { traceUser } from './users/trace-user.ts';

export interface CohortServiceOptions extends Omit<SyncRegistryOptions, 'stop'> {
  /** Requests for Braze's analytics, shared with other work. */
  readonly budget: AnalyticsBudget;
}

/** The cohort API in the process that runs the syncs. */
export class CohortService implements CohortApi {
  readonly #options: CohortServiceOptions;
  readonly #registry: SyncRegistry;
  readonly #stop = new AbortController();
  #ignoreClock: () => void = () => {};
  #driftChecks: DriftChecks | undefined;

  constructor(options: CohortServiceOptions) {
    this.#options = options;
    this.#registry = new SyncRegistry({ ...options, stop: this.#stop.signal });
  }

  /**
   * Starts the stored syncs. @throws CohortError `schedule_impossible`, or when a configured cohort can't be
   * served
   */
  async start(): Promise<void> {
    await this.#registry.restore();
    for (const { settings } of this.#registry.connections) await this.#checkSchedule(settings.name);
    const { clock, activity } = this.#options;
    this.#driftChecks = new DriftChecks({
      ...{ ...this.#options, stop: this.#stop.signal, runners: () => this.#registry.runners },
      settings: name => this.#registry.connected(name).settings,
    });
    await this.#driftChecks.removeOutdated();
    for (const runner of this.#registry.runners) void runner.trigger('start');
    this.#ignoreClock = clock.onSetBack(() => activity.track(() => this.#bringBack()));
  }

  async #bringBack(): Promise<void> {
    this.#options.logger.warn('The clock was set back: cohort schedules follow the new time');
    await Promise.all(this.#registry.runners.map(runner => runner.bringBack()));
  }

  async close(): Promise<void> {
    this.#ignoreClock();
    this.#stop.abort();
    await Promise.all([this.#driftChecks?.close(), ...this.#registry.runners.map(runner => runner.close())]);
  }

  /** All syncs; those with damaged records are listed, and do not run. */
  async list(): Promise<SyncJson[]> {
    const { runners, damaged } = this.#registry;
    const now = this.#options.clock.now();
    return [...runners.map(syncJson), ...damaged.map(([id, error]) => damagedJson(id, error, now))];
  }

  /**
   * By `<connection>:<cohort>`, or by the cohort alone where only one connection has it. @throws CohortError
   * `sync_unknown`
   */
  find: CohortApi['find'] = async id => syncJson(this.#registry.find(id));

  /**
   * Creates a sync. With `start: false` it begins paused, so that a dry run can show first what it will send,
   * and cost.
   *
   * @throws CohortError when there is one already, or it can't be served
   */
  async create(connection: string, entry: CohortEntry, { start = true } = {}): Promise<SyncJson> {
    const { settings } = this.#registry.connected(connection);
    if (this.#registry.get(syncId(connection, entry.id))) throw new CohortError('sync_exists', entry.id);
    const wanted = this.#registry.wanted(settings, entry, 'api');
    if (wanted.source === 'query' && wanted.mode === 'dynamic')
      await this.#checkSchedule(connection, { id: wanted.cohort, intervalMs: wanted.intervalMs });
    const runner = await this.#registry.adopt(wanted, start ? undefined : 'paused');
    if (start) void runner.trigger('start');
    return syncJson(runner);
  }

  /** Ends a run in progress where it is, without a next one. Pushed pages are still collected. */
  pause: CohortApi['pause'] = id =>
    this.#change(id, async runner => {
      await runner.sync.update(record => ({ ...record, status: 'paused' }));
      runner.halt();
      runner.schedule();
    });

  /**
   * Continues after a pause, or runs a one-time sync once more; missed runs are made up by one run at once.
   */
  resume: CohortApi['resume'] = id =>
    this.#change(id, async runner => {
      const now = this.#options.clock.now();
      await runner.sync.update(record => ({
        ...record,
        status: 'active',
        due: record.status === 'done' ? now : record.due,
        retryAt: undefined,
      }));
      runner.schedule();
      void runner.trigger('start');
    });

  run: CohortApi['run'] = id => this.#change(id, async runner => void runner.trigger('manual'));

  /** Applies the held target as it is. @throws CohortError `nothing_held` */
  confirm: CohortApi['confirm'] = id =>
    this.#change(id, async runner => {
      await runner.exclusively(async () => {
        if (!runner.sync.record.state.waiting?.held) throw new CohortError('nothing_held', id);
        await runner.sync.update(record => ({ ...record, state: confirmTarget(record.state) }));
      });
      void runner.trigger('confirm');
    });

  /**
   * Changes the source: the cohort is read through the query API, at once and then on its schedule, or waits
   * for pushes. The members known in Braze stay known. A cohort that Mixpanel still pushes is a pushed one
   * again from its next full list on.
   *
   * @throws CohortError `query_not_configured`, `schedule_impossible`
   */
  setSource: CohortApi['setSource'] = (id, source) =>
    this.#change(id, async runner => {
      const { connection, cohort, mode, intervalMs, source: before } = runner.sync.record;
      if (source === before) return;
      if (source === 'webhook') return letPush(runner, this.#options.store);
      const { settings } = this.#registry.connected(connection);
      if (!settings.mixpanel.queryCredentials) throw new CohortError('query_not_configured');
      if (mode === 'dynamic') await this.#checkSchedule(connection, { id: cohort, intervalMs });
      const due = this.#options.clock.now();
      await runner.sync.update(record => ({ ...record, source, due, retryAt: undefined }));
      runner.schedule();
      void runner.trigger('schedule');
    });

  remove: CohortApi['remove'] = async id => {
    await this.#registry.remove(this.#registry.find(id));
  };

  /** Discards a damaged document. @throws CohortError `cohort_document_intact` */
  discard: CohortApi['discard'] = async key => {
    await discardDocument(key, this.#options.store);
    this.#registry.discarded(key);
  };

  dryRun: CohortApi['dryRun'] = async (id, resend) => {
    const runner = this.#registry.find(id);
    const { settings, client, listed } = this.#registry.connected(runner.sync.record.connection);
    const { store, clock } = this.#options;
    const stop = this.#stop.signal;
    const reading = { client, listed, store, match: settings.match, stop, now: () => clock.now() };
    const options = { ...reading, waits: false, anew: true, resend, safety: settings.safetyStop };
    return runner.exclusively(() => dryRun(runner.sync.record, runner.sink, options));
  };

  /** Newest first. */
  history: CohortApi['history'] = async (id, { before, limit }) => {
    const { id: sync } = this.#registry.find(id).sync.record;
    const entries = await this.#options.store.history({ sync, before, limit });
    return entries.map(entry => reportJson({ id: entry.id, ...readReport(sync, entry) }));
  };

  /** Distinct IDs of members that match no user in Braze, in order, after `after`. */
  unmatched: CohortApi['unmatched'] = async (id, { after, limit }) => {
    const target = newestTarget(this.#registry.find(id).sync.record.state);
    const found: string[] = [];
    let passed = after === undefined;
    const run = new RunStore(this.#options.store).readSnapshot(target);
    for await (const key of keysOfRun(run)) {
      const member = memberOfKey(key);
      if (member.kind !== 'unmatched') continue;
      if (passed) found.push(member.distinctId);
      else passed = member.distinctId === after;
      if (found.length >= limit) break;
    }
    return found;
  };

  /** The ledger of a run. */
  members: CohortApi['members'] = async (id, request) => {
    const { record } = this.#registry.find(id).sync;
    const page = await listMembers(record.id, request, this.#options.store);
    return { ...page, ...(await runReadBack(record, page.run, this.#options.store)) };
  };
  membersPage: CohortApi['membersPage'] = this.members;

  cost: CohortApi['cost'] = async (id, { from, to }) => {
    const { id: sync, createdAt } = this.#registry.find(id).sync.record;
    const today = utcDay(this.#options.clock.now());
    const ahead = daysAhead(from, today);
    if (ahead !== undefined) throw new CohortError('cohort_days_ahead', ahead);
    const all = await this.#options.store.sentOnDays({ sync, from: '0000-01-01', to: '9999-12-31' });
    const { since, counted } = countedDays(all, { from, to }, { created: utcDay(createdAt), today });
    const days = all.filter(({ day }) => from <= day && day <= to);
    const sum = (kind: 'attributeUpdates' | 'assignments') =>
      counted && days.reduce((total, each) => total + each[kind], 0);
    return {
      ...{ from, to, countedSince: since, counted },
      ...{ attributeUpdates: sum('attributeUpdates'), assignments: sum('assignments'), days },
    };
  };

  forget: CohortApi['forget'] = id => forgetEverywhere(id, this.#registry, this.#options);

  trace: CohortApi['trace'] = id => traceUser(id, this.#registry, this.#options.store);

  receive: CohortApi['receive'] = (connection, page) =>
    receivePage(connection, page, this.#registry, this.#options);

  async #change(id: string, change: (runner: SyncRunner) => Promise<void>): Promise<SyncJson> {
    const runner = this.#registry.find(id);
    await change(runner);
    return syncJson(runner);
  }

  async #checkSchedule(connection: string, added?: Polled): Promise<void> {
    const { settings, listed } = this.#registry.connected(connection);
    const polled = this.#registry.runners
      .map(({ sync }) => sync.record)
      .filter(record => record.connection === connection && isPolled(record))
      .map((record): Polled => {
        const { cohort: id, intervalMs } = record;
        return { id, intervalMs, members: membersAtLastRead(record) };
      });
    const { queriesPerHour } = settings;
    const { logger } = this.#options;
    await checkSchedule(added ? [...polled, added] : polled, { listed, queriesPerHour, logger });
  }
}

const isPolled = ({ status, mode, source }: SyncRecord): boolean =>
  status === 'active' && mode === 'dynamic' && source === 'query';
