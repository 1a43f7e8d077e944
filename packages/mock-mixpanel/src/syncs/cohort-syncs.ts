import { CohortSync, type SyncRun, type SyncSettings, type SyncSurroundings } from './cohort-sync.ts';

/** Maximum number of recurring syncs in a project. */
export const recurringLimit = 60;

export interface Schedule {
  now(): number;
  schedule(at: number, job: () => Promise<void>, name?: string): () => void;
}

/**
 * The cohort syncs of a project and their schedule.
 *
 * A new sync runs at once. A dynamic one then runs every interval, counted from its start on the simulated
 * clock; a tick during a run or a pause is skipped. A sync restarted after a pause runs at once and counts
 * from there. Every run is a job of the clock, so `advance` waits for it.
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

  /** Creates a sync; `undefined` if the project already has the maximum of recurring syncs. */
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

  /** Time of the next run, in simulated milliseconds since 1970. */
  nextRunAt(id: string): number | null {
    return this.#syncs.get(id)?.nextRunAt ?? null;
  }

  /**
   * Runs a sync now, in addition to its schedule, and resolves to the finished run; `undefined` if its state
   * does not allow one.
   */
  run(sync: CohortSync): Promise<SyncRun | undefined> {
    return new Promise((resolve, reject) => {
      const job = () => sync.run().then(resolve, reject);
      this.#clock.schedule(this.#clock.now(), job, `cohort sync ${sync.settings.id}, on request`);
    });
  }

  start(sync: CohortSync): boolean {
    if (!sync.start()) return false;
    this.#schedule(sync, this.#clock.now());
    return true;
  }

  pause(sync: CohortSync): void {
    sync.pause('paused by request');
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
