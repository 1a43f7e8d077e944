/**
 * The port between the replicas that share one storage. Only PostgreSQL has it; a storage without it belongs
 * to one process.
 *
 * What holds:
 * - A named lease has one holder at a time, on the database's time. It ends when its time is over or its
 *   holder releases it. Until another replica takes it, its last holder can still renew it.
 * - While a replica holds `cohorts`, only it can write to the cohort store. A former holder gets
 *   `unavailable` for its next write, even if it does not know yet that it lost the lease.
 * - A hint may be lost, so listeners also poll for work.
 * - A question gets one answer, or rejects when none comes in time. The answer of a holder that lost the
 *   lease is not used.
 */
export interface Replicas {
  /** Acquires a free lease; `false` while another replica holds it. */
  take(lease: LeaseName, ttlMs: number): Promise<boolean>;
  /** Extends the lease; `false` when another replica took it in the meantime, and then the work must stop. */
  renew(lease: LeaseName, ttlMs: number): Promise<boolean>;
  release(lease: LeaseName): Promise<void>;
  /** Calls back when a lease was released and can be taken. A hint. */
  onReleased(listener: (lease: LeaseName) => void): void;
  /** Notifies the other replicas of new batches. Calls within 50 ms are one notification. */
  notifyNewWork(connection: string): void;
  /** Calls back with the connection for which another replica announced new batches. */
  onNewWork(listener: (connection: string) => void): void;
  /**
   * Sends a question to the holder of the lease. Rejects with `unavailable` when no answer comes within
   * `timeoutMs`.
   */
  ask(lease: LeaseName, question: string, timeoutMs: number): Promise<string>;
  /** Answers questions for as long as this replica holds the lease. `handle` must not reject. */
  answer(lease: LeaseName, handle: (question: string) => Promise<string>): void;
}

/**
 * `cohorts`: runs the cohort syncs. `sweep`: deletes what is older than its retention. `backfill`: reads
 * exported files.
 */
export type LeaseName = 'cohorts' | 'sweep' | 'backfill';
