/** What can be done with cohort syncs: over the API, by the webhook, at start and at the end. */
import { setTimeout as pause } from 'node:timers/promises';
import { confirmTarget, keysOfRun, memberOfKey, newestTarget, runsOf } from '@braze-mixpanel/core/cohorts';
import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { CohortError } from './cohort-error.ts';
import { readableName } from './cohort-name.ts';
import type { CohortConnection, CohortEntry, SourceKind } from './connection.ts';
import { checkSchedule, type Polled } from './sources/check-schedule.ts';
import { membersOf, pageOf } from './sources/page.ts';
import { abandonReading } from './sources/read-cohort.ts';
import { discardDocument } from './syncs/discard-document.ts';
import { type DryRun, dryRun, scratchSuffix } from './syncs/dry-run.ts';
import { RunStore } from './syncs/run-store.ts';
import { readReport } from './syncs/stored-documents.ts';
import { StoredSync, storedRecords } from './syncs/stored-sync.ts';
import { damagedJson, type SyncJson } from './syncs/sync-json.ts';
import { membersAtLastRead, type RunReport, syncId } from './syncs/sync-record.ts';
import { SyncRegistry, type SyncRegistryOptions } from './syncs/sync-registry.ts';
import type { SyncRunner } from './syncs/sync-runner.ts';
import { type ForgottenInCohorts, forgetUser } from './users/forget-user.ts';
import { type Membership, traceUser } from './users/trace-user.ts';

/**
 * Sessions, by action, that may have begun and not be complete. Mixpanel has one of a cohort at a time; one that fails midway begins anew,
 * every half hour at most.
 */
const mostGroups = { ofSync: 100, ofAll: 1_000 };
/** How long a user waits to be forgotten for the run that goes on. */
const forgetTimeoutMs = 10_000;

export type CohortServiceOptions = Omit<SyncRegistryOptions, 'stop'>;

export class CohortService {
  readonly #options: CohortServiceOptions;
  readonly #registry: SyncRegistry;
  readonly #stop = new AbortController();
  #ignoreClock: () => void = () => {};

  constructor(options: CohortServiceOptions) {
    this.#options = options;
    this.#registry = new SyncRegistry({ ...options, stop: this.#stop.signal });
  }

  /** Takes up what storage holds. @throws CohortError `schedule_impossible`, or when a configured cohort can't be served */
  async start(): Promise<void> {
    await this.#registry.restore();
    for (const { settings } of this.#registry.connections) await this.#checkSchedule(settings.name);
    for (const runner of this.#registry.runners) void runner.trigger('start');
    const { clock, activity } = this.#options;
    this.#ignoreClock = clock.onSetBack(() => activity.track(() => this.#bringBack()));
  }

  async #bringBack(): Promise<void> {
    this.#options.logger.warn('The clock was set back: cohorts are read and sent by the new time');
    await Promise.all(this.#registry.runners.map(runner => runner.bringBack()));
  }

  async close(): Promise<void> {
    this.#ignoreClock();
    this.#stop.abort();
    await Promise.all(this.#registry.runners.map(runner => runner.close()));
  }

  list(): SyncRunner[] {
    return this.#registry.runners;
  }

  /** Syncs that are not run since their records are damaged. */
  damaged(): SyncJson[] {
    return this.#registry.damaged.map(([id, error]) => damagedJson(id, error, this.#options.clock.now()));
  }

  /** By `<connection>:<cohort>`, or by the cohort alone where only one connection has it. @throws CohortError `sync_unknown` */
  find(id: string): SyncRunner {
    return this.#registry.find(id);
  }

  /**
   * With `start: false` the sync begins paused: a dry run can tell first what it will send, and cost.
   *
   * @throws CohortError when there is one already, or it can't be served
   */
  async create(connection: string, entry: CohortEntry, { start = true } = {}): Promise<SyncRunner> {
    const { settings } = this.#registry.connected(connection);
    if (this.#registry.has(syncId(connection, entry.id)))
      throw new CohortError({ code: 'sync_exists', detail: entry.id });
    const wanted = this.#registry.wanted(settings, entry, 'api');
    if (wanted.source === 'query' && wanted.mode === 'dynamic')
      await this.#checkSchedule(connection, { id: wanted.cohort, intervalMs: wanted.intervalMs });
    const runner = await this.#registry.adopt(wanted, start ? undefined : 'paused');
    if (start) void runner.trigger('start');
    return runner;
  }

  /** A run in progress ends where it is, and the next does not come by itself. Pushed pages are still gathered. */
  async pause(id: string): Promise<SyncRunner> {
    const runner = this.find(id);
    await runner.sync.update(record => ({ ...record, status: 'paused' }));
    runner.halt();
    runner.schedule();
    return runner;
  }

  /** Goes on after a pause, or runs a one-time sync once more; what was missed is caught up at once, and once. */
  async resume(id: string): Promise<SyncRunner> {
    const runner = this.find(id);
    const now = this.#options.clock.now();
    await runner.sync.update(record => ({
      ...record,
      status: 'active',
      due: record.status === 'done' ? now : record.due,
      retryAt: undefined,
    }));
    runner.schedule();
    void runner.trigger('start');
    return runner;
  }

  run(id: string): SyncRunner {
    const runner = this.find(id);
    void runner.trigger('manual');
    return runner;
  }

  /** Lets the held target be applied as it is. @throws CohortError `nothing_held` */
  async confirm(id: string): Promise<SyncRunner> {
    const runner = this.find(id);
    await runner.exclusively(async () => {
      if (!runner.sync.record.state.waiting?.held)
        throw new CohortError({ code: 'nothing_held', detail: id });
      await runner.sync.update(record => ({ ...record, state: confirmTarget(record.state) }));
    });
    void runner.trigger('confirm');
    return runner;
  }

  /**
   * From now on the cohort is read through the query API, at once and then on its schedule, or waits to be pushed. What Braze holds
   * is known as before. One that Mixpanel goes on pushing is pushed again from its next whole list on.
   *
   * @throws CohortError `query_not_configured`, `schedule_impossible`
   */
  async setSource(id: string, source: SourceKind): Promise<SyncRunner> {
    const runner = this.find(id);
    const { connection, cohort, mode, intervalMs, source: before } = runner.sync.record;
    if (source === before) return runner;
    if (source === 'webhook') {
      await this.#letPush(runner);
      return runner;
    }
    const { settings } = this.#registry.connected(connection);
    if (!settings.mixpanel.queryCredentials)
      throw new CohortError({ code: 'query_not_configured', detail: '' });
    if (mode === 'dynamic') await this.#checkSchedule(connection, { id: cohort, intervalMs });
    const due = this.#options.clock.now();
    await runner.sync.update(record => ({ ...record, source, due, retryAt: undefined }));
    runner.schedule();
    void runner.trigger('schedule');
    return runner;
  }

  async #letPush(runner: SyncRunner): Promise<void> {
    await abandonReading(runner.sync, this.#options.store);
    await runner.sync.update(record => ({ ...record, source: 'webhook', pushedAt: undefined }));
    runner.schedule();
  }

  async remove(id: string): Promise<void> {
    await this.#registry.remove(this.find(id));
  }

  /** Discards a damaged document. @throws CohortError `cohort_document_intact` */
  async discard(key: string): Promise<void> {
    await discardDocument(key, this.#options.store);
    this.#registry.discarded(key);
  }

  dryRun(id: string, resend: boolean): Promise<DryRun> {
    const runner = this.find(id);
    const { settings, client, listed } = this.#registry.connected(runner.sync.record.connection);
    const { store, clock } = this.#options;
    const stop = this.#stop.signal;
    const reading = { client, listed, store, match: settings.match, stop, now: () => clock.now() };
    const options = { ...reading, waits: false, anew: true, resend };
    return runner.exclusively(() => dryRun(runner.sync.record, runner.sink, options));
  }

  /** Newest first. */
  async history(
    id: string,
    { before, limit }: { before: number | undefined; limit: number },
  ): Promise<(RunReport & { id: number })[]> {
    const { sync } = this.find(id);
    const entries = await this.#options.store.history({ sync: sync.record.id, before, limit });
    return entries.map(entry => ({ id: entry.id, ...readReport(sync.record.id, entry) }));
  }

  /** Distinct ids of members that match nobody in Braze, in order, behind `after`. */
  async unmatched(
    id: string,
    { after, limit }: { after: string | undefined; limit: number },
  ): Promise<string[]> {
    const target = newestTarget(this.find(id).sync.record.state);
    const found: string[] = [];
    if (!target) return found;
    let passed = after === undefined;
    const run = new RunStore(this.#options.store).read({ kind: 'run', run: target.run });
    for await (const key of keysOfRun(run)) {
      const member = memberOfKey(key);
      if (member.kind !== 'unmatched') continue;
      if (passed) found.push(member.distinctId);
      else passed = member.distinctId === after;
      if (found.length >= limit) break;
    }
    return found;
  }

  /**
   * Takes one user out of what is stored about every sync, also about those that nobody runs. One whose run goes on for longer than a
   * moment is taken care of when it ends, and is named in `later`; so is one that failed or cannot be read, which does not keep the others
   * from being done.
   */
  async forget(externalId: string): Promise<ForgottenInCohorts & { syncs: number; later: string[] }> {
    const { store, logger } = this.#options;
    const { syncs, damaged } = await this.#stored();
    const all = { syncs: 0, members: 0, pages: 0, historyEntries: 0, later: [...damaged.keys()] };
    const add = (one: ForgottenInCohorts) => {
      if (one.members + one.pages + one.historyEntries > 0) all.syncs += 1;
      for (const kind of ['members', 'pages', 'historyEntries'] as const) all[kind] += one[kind];
    };
    for (const { sync, exclusively } of syncs) {
      const forgetting = exclusively(() => forgetUser(sync, externalId, store)).catch((error: unknown) => {
        logger.error({ err: error, sync: sync.record.id }, 'a user could not be forgotten');
        return undefined;
      });
      const done = await Promise.race([forgetting, pause(forgetTimeoutMs, undefined, { ref: false })]);
      if (done === undefined) all.later.push(sync.record.id);
      else add(done);
    }
    return all;
  }

  /** Where one user stands in each sync that has them. @throws CohortError where a record cannot be read */
  async trace(externalId: string): Promise<Membership[]> {
    const found: Membership[] = [];
    const { syncs, damaged } = await this.#stored();
    for (const error of damaged.values()) throw error;
    for (const { sync } of syncs) {
      for (;;) {
        const { record } = sync;
        const memberships = await traceUser(record, externalId, this.#options.store);
        // A snapshot that was replaced meanwhile may have been read in part only.
        if (runsOf(sync.record.state).symmetricDifference(runsOf(record.state)).size > 0) continue;
        for (const each of memberships) found.push(each);
        break;
      }
    }
    return found;
  }

  /** Every sync that storage knows, and a way to work on it while no run goes on. */
  async #stored() {
    const { store } = this.#options;
    const { records, damaged } = await storedRecords(store);
    const orphans = records.filter(({ id }) => !this.#registry.has(id) && !id.endsWith(scratchSuffix));
    const syncs = [
      ...this.#registry.runners.map(runner => ({
        sync: runner.sync,
        exclusively: <T>(work: () => Promise<T>) => runner.exclusively(work),
      })),
      ...orphans.map(record => ({
        sync: new StoredSync(record, store),
        exclusively: <T>(work: () => Promise<T>) => work(),
      })),
    ];
    return { syncs, damaged };
  }

  /**
   * Stores one pushed page; resolves when it is on disk. A cohort that has no sync gets one: to push it is to ask for it. One that is
   * read through the query API is pushed from its first whole list on, and no longer read; a page of changes alone says nothing that
   * the next read does not, and is left aside.
   *
   * @throws CohortError `webhook_other_project` where both ids are known and differ, `webhook_too_many_sessions` and
   * `webhook_too_many_cohorts` where a bound is reached; StorageError
   */
  async receive(connection: string, page: CohortWebhookPage): Promise<void> {
    const { settings } = this.#registry.connected(connection);
    const { parameters, action } = page;
    refuseOtherProject(settings, parameters.mixpanel_project_id);
    // The process is busy from here on: it must not look idle between the page and its run.
    await this.#options.activity.track(async () => {
      if (action !== 'members' && this.#isRead(settings, parameters.mixpanel_cohort_id)) return;
      const runner = await this.#pushed(settings, page);
      const { total_pages: total, page_count: number } = parameters.page_info;
      const session = parameters.mixpanel_session_id;
      const at = this.#options.clock.now();
      const place = { sync: runner.sync.record.id, session, action, page: number, total, at };
      const stored = await this.#options.store.putPage({
        ...pageOf(place, membersOf(page), settings.match, id => runner.sync.notePlaceholder(id)),
        mostGroups,
      });
      if (stored === undefined) throw new CohortError({ code: 'webhook_too_many_sessions', detail: '' });
      if (stored.seen >= stored.total) void runner.trigger('webhook');
    });
  }

  #isRead({ name }: CohortConnection, cohort: string): boolean {
    const id = syncId(name, cohort);
    return this.#registry.has(id) && this.find(id).sync.record.source === 'query';
  }

  async #pushed(settings: CohortConnection, { parameters }: CohortWebhookPage): Promise<SyncRunner> {
    const { mixpanel_cohort_id: cohort } = parameters;
    const name = readableName(parameters.mixpanel_cohort_name);
    const id = syncId(settings.name, cohort);
    const entry = { id: cohort, mode: 'dynamic', source: 'webhook' } as const;
    const runner = this.#registry.has(id)
      ? this.find(id)
      : await this.#registry.adopt(this.#registry.wantedByPush(settings, entry));
    const { record } = runner.sync;
    if (record.source !== 'webhook') {
      this.#options.logger.info({ sync: id }, 'Mixpanel pushes this cohort: it is no longer queried');
      await this.#letPush(runner);
    }
    if (name && name !== record.name) await runner.sync.update(now => ({ ...now, name }));
    return runner;
  }

  async #checkSchedule(connection: string, added?: Polled): Promise<void> {
    const { settings, listed } = this.#registry.connected(connection);
    const records = this.list().map(({ sync }) => sync.record);
    const polled = records
      .filter(
        record =>
          record.connection === connection &&
          record.status === 'active' &&
          record.mode === 'dynamic' &&
          record.source === 'query',
      )
      .map(
        (record): Polled => ({
          id: record.cohort,
          intervalMs: record.intervalMs,
          members: membersAtLastRead(record),
        }),
      );
    await checkSchedule(added ? [...polled, added] : polled, {
      listed,
      queriesPerHour: settings.queriesPerHour,
      logger: this.#options.logger,
    });
  }
}

/** Cohort ids are those of one project: what another pushes under the same id is another cohort. */
function refuseOtherProject({ mixpanel }: CohortConnection, project: string | undefined): void {
  const { projectId: own } = mixpanel;
  if (own !== undefined && project !== undefined && own !== project)
    throw new CohortError({
      code: 'webhook_other_project',
      detail: `${project.slice(0, 80)} instead of ${own}`,
    });
}
