/** The states that a task goes through on the clock. */
const stages = ['PENDING', 'STAGING', 'STARTED', 'SUCCESS'] as const;
/** All states of a deletion task, as Mixpanel names them. */
export const deletionStatuses = [...stages, 'FAILURE', 'REVOKED', 'NOT_FOUND', 'UNKNOWN'] as const;
export type DeletionStatus = (typeof deletionStatuses)[number];

/** A request to delete the data of users. Times are in milliseconds since 1970. */
export interface DeletionTask {
  /** UUID. */
  readonly id: string;
  readonly distinctIds: readonly string[];
  readonly complianceType: 'GDPR' | 'CCPA';
  readonly requestedAt: number;
  /** When it is done. */
  readonly doneAt: number;
  readonly status: DeletionStatus;
}

interface Surroundings {
  readonly clock: {
    now(): number;
    schedule(at: number, job: () => Promise<void>, name?: string): () => void;
  };
  readonly newId: () => string;
  /** Milliseconds from a request until it is done. */
  readonly takes: () => number;
  readonly deleteUsers: (distinctIds: readonly string[]) => Promise<void>;
}

/**
 * The deletion tasks of the project. A task is staged after a third of its time, starts after two thirds, and deletes the
 * users at its end; until it starts it can be revoked. Every step is a job of the clock, so `advance` waits for it.
 */
export class DeletionTasks {
  readonly #tasks = new Map<string, { task: DeletionTask; cancel: () => void }>();
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Requests the deletion of users. @param id a new UUID by default */
  create(
    distinctIds: readonly string[],
    complianceType: DeletionTask['complianceType'],
    id: string = this.#surroundings.newId(),
  ): DeletionTask {
    const { clock, takes } = this.#surroundings;
    const requestedAt = clock.now();
    const doneAt = requestedAt + takes();
    const task = { id, distinctIds, complianceType, requestedAt, doneAt, status: stages[0] };
    this.put(task);
    return task;
  }

  /** Adds or replaces a task, and continues it from its state. */
  put(task: DeletionTask): void {
    this.#tasks.get(task.id)?.cancel();
    this.#tasks.set(task.id, { task, cancel: this.#scheduleNext(task) });
  }

  get(id: string): DeletionTask | undefined {
    return this.#tasks.get(id)?.task;
  }

  list(): DeletionTask[] {
    return [...this.#tasks.values()].map(({ task }) => task);
  }

  /** Moves a task to a state; `SUCCESS` deletes its users. Other than the stages, a state is the last one. */
  async enter(task: DeletionTask, status: DeletionStatus): Promise<DeletionTask> {
    if (status === 'SUCCESS') await this.#surroundings.deleteUsers(task.distinctIds);
    const entered = { ...task, status };
    // Not after a reset meanwhile.
    if (this.#tasks.has(task.id)) this.put(entered);
    return entered;
  }

  /** Cancels a task that has not started. Returns whether it did. */
  revoke(task: DeletionTask): boolean {
    if (task.status !== 'PENDING' && task.status !== 'STAGING') return false;
    this.put({ ...task, status: 'REVOKED' });
    return true;
  }

  reset(): void {
    for (const { cancel } of this.#tasks.values()) cancel();
    this.#tasks.clear();
  }

  #scheduleNext(task: DeletionTask): () => void {
    const { id, requestedAt, doneAt, status } = task;
    const index = (stages as readonly DeletionStatus[]).indexOf(status) + 1;
    const next = stages[index];
    if (index === 0 || next === undefined) return () => {};
    const at = requestedAt + Math.ceil(((doneAt - requestedAt) * index) / (stages.length - 1));
    const job = async () => {
      await this.enter(task, next);
    };
    return this.#surroundings.clock.schedule(at, job, `deletion ${id}: ${next}`);
  }
}
