import { CohortSync, type SyncRun, type SyncSettings, type SyncSurroundings } from './cohort-sync.ts';

/** Recurring syncs that one project may have. */
export const recurringLimit = 60;

export interface Schedule {
  now(): number;
  schedule(at: number, job: () => Promise<void>, name?: string): () => void;
}

/**
 * The cohort syncs of the project and their schedule.
 *
 * A new sync runs at once. A dynamic one then runs every interval, counted from its start on the simulated clock; a tick that
 * comes while a run is still under way, or while it is paused, passes. Started after a pause it runs at once and counts from there.
 * Every run is a job of the clock, so `advance` waits for it.
 */
export class CohortSyncs {
  readonly #syncs = new Map<
    string,
    { readonly sync: CohortSync; cancel: () => void; nextRunAt: number | null }
  >();
  readonly #clock: Schedule;
  readonly #surroundings: SyncSurroundings;
  #count = 0;

  constructor(clock: Schedule, surroundings: SyncSurroundings) {
    this.#clock = clock;
    this.#surroundings = surroundings;
  }

  /** Undefined when the project has as many recurring syncs as it may have. */
  create(settings: Omit<SyncSettings, 'id'>): CohortSync | undefined {
    const recurring = this.list().filter(sync => sync.settings.mode === 'dynamic').length;
    if (settings.mode === 'dynamic' && recurring >= recurringLimit) return undefined;
    const sync = new CohortSync({ id: `sync-${++this.#count}`, ...settings }, this.#surroundings);
    this.#syncs.set(sync.settings.id, { sync, cancel: () => {}, nextRunAt: null });
    this.#schedule(sync, this.#clock.now());
    return sync;
  }

  list(): CohortSync[] {
    return [...this.#syncs.values()].map(({ sync }) => sync);
  }

  get(id: string): CohortSync | undefined {
    return this.#syncs.get(id)?.sync;
  }

  /** Simulated milliseconds since 1970. */
  nextRunAt(id: string): number | null {
    return this.#syncs.get(id)?.nextRunAt ?? null;
  }

  /** Runs it now, besides its schedule, and resolves to what became of it; undefined where its state does not allow a run. */
  run(sync: CohortSync): Promise<SyncRun | undefined> {
    return new Promise((resolve, reject) => {
      const job = () => sync.run().then(resolve, reject);
      this.#clock.schedule(this.#clock.now(), job, `cohort sync ${sync.settings.id}, by hand`);
    });
  }

  start(sync: CohortSync): boolean {
    if (!sync.start()) return false;
    this.#schedule(sync, this.#clock.now());
    return true;
  }

  pause(sync: CohortSync): void {
    sync.pause('paused by hand');
    this.#cancel(sync.settings.id);
  }

  remove(id: string): boolean {
    this.#cancel(id);
    this.get(id)?.stop();
    return this.#syncs.delete(id);
  }

  reset(): void {
    for (const id of [...this.#syncs.keys()]) this.remove(id);
    this.#count = 0;
  }

  #schedule(sync: CohortSync, at: number): void {
    const { id, interval, mode } = sync.settings;
    const entry = this.#syncs.get(id);
    if (entry === undefined) return;
    entry.cancel();
    entry.nextRunAt = at;
    const run = async () => {
      entry.nextRunAt = null;
      if (mode === 'dynamic') this.#schedule(sync, at + interval);
      await sync.run();
      if (sync.state === 'paused') this.#cancel(id);
    };
    entry.cancel = this.#clock.schedule(at, run, `cohort sync ${id}`);
  }

  #cancel(id: string): void {
    const entry = this.#syncs.get(id);
    entry?.cancel();
    if (entry !== undefined) entry.nextRunAt = null;
  }
}
