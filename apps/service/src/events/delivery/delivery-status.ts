import type { LastError } from './delivery-report.ts';

/** The delivery of a connection in `/status`. */
export interface DeliveryStatus {
  readonly state: 'idle' | 'delivering' | 'retrying' | 'parked' | 'held';
  readonly requestsInFlight: number;
  /** Requests that the circuit breaker allows at once. */
  readonly requestsAtMost: number;
  readonly failuresInARow: number;
  readonly nextAttemptInMs: number | undefined;
  readonly lastError: LastError | undefined;
  /** When Mixpanel last imported something. */
  readonly lastSuccessAt: string | undefined;
  /**
   * Texts in external IDs that look like placeholders, since the start of this process; absent where there
   * are none.
   */
  readonly placeholderIds?: readonly { readonly id: string; readonly events: number }[];
}

/** Whether batches wait: Mixpanel is unavailable or refuses them, or they are held. */
export const isWaiting = (status: DeliveryStatus | undefined): boolean =>
  status?.state === 'retrying' || status?.state === 'parked' || status?.state === 'held';
