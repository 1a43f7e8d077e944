/**
 * The port between the replicas that share one storage. Only PostgreSQL has it; a storage without it belongs to one process.
 *
 * What holds:
 * - A named lease has one holder at a time, on the database's time. It ends when its time is over or its holder gives it up; until another
 *   replica takes it, the holder it had can still renew it.
 * - While a replica holds `cohorts`, the cohort store takes writes from it alone: a holder whose lease was taken over in the meantime
 *   gets `unavailable` for its next write, whatever it believes.
 * - Hints are hints: one may be lost, so listeners also poll for work.
 * - A question is answered once, or its asker learns that nobody answered; the answer of a holder that lost the lease is not used.
 */
export interface Replicas {
  /** Begins to hold a lease that nobody holds; `false` while another replica does. */
  take(lease: LeaseName, ttlMs: number): Promise<boolean>;
  /** Prolongs what `take` began; `false` when another replica took the lease since, and then the work must end. */
  renew(lease: LeaseName, ttlMs: number): Promise<boolean>;
  release(lease: LeaseName): Promise<void>;
  /** Calls back when a lease was given up: it can be taken at once. A hint. */
  onReleased(listener: (lease: LeaseName) => void): void;
  /** Tells the other replicas of new batches. Bundled: many within a moment are one. */
  notifyNewWork(connection: string): void;
  /** Calls back with the connection that has new batches in another replica's words. */
  onNewWork(listener: (connection: string) => void): void;
  /** Asks the holder of the lease, or who takes it in time; rejects with `unavailable` when nobody answers. */
  ask(lease: LeaseName, question: string, timeoutMs: number): Promise<string>;
  /** Answers questions for as long as this replica holds the lease. `handle` must not reject. */
  answer(lease: LeaseName, handle: (question: string) => Promise<string>): void;
}

/** `cohorts`: runs the cohort syncs. `sweep`: drops what is older than its retention. */
export type LeaseName = 'cohorts' | 'sweep';
