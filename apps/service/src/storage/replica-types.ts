/**
 * The port between the replicas that share one storage. Only PostgreSQL has it; a storage without it belongs to one process.
 *
 * What holds:
 * - A named lease has one holder at a time, on the database's time. It ends when its time is over or its holder gives it up.
 * - While a replica holds `cohorts`, the cohort store takes writes from it alone: a holder whose lease was taken over in the meantime
 *   gets `unavailable` for its next write, whatever it believes.
 * - Hints are hints: one may be lost, so whoever listens looks for work now and then anyway.
 * - A question is answered once, or its asker learns that nobody answered; the answer of a holder that lost the lease is not used.
 */
export interface Replicas {
  /** Takes or prolongs the lease; `false` while another replica holds it. */
  hold(lease: LeaseName, ttlMs: number): Promise<boolean>;
  giveUp(lease: LeaseName): Promise<void>;
  /** Tells all replicas, this one too. */
  hint(connection: string): void;
  /** Calls back with the connection that has new batches. */
  onHint(listener: (connection: string) => void): void;
  /** Asks the holder of the lease; rejects with `unavailable` when nobody answers in time. */
  ask(lease: LeaseName, question: string, timeoutMs: number): Promise<string>;
  /** Answers questions for as long as this replica holds the lease. */
  answer(lease: LeaseName, handle: (question: string) => Promise<string>): void;
}

export type LeaseName = 'cohorts' | 'sweep';
