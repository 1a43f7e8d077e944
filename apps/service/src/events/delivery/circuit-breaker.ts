import { later, type MonotonicMs } from '../../clock/index.ts';
import type { DeliveryConfig } from '../../config/config.ts';
import { retryDelay } from '../../vendor-http/retry-delay.ts';
import type { Failure } from './verdict.ts';

/**
 * State of the circuit breaker of one connection's delivery.
 *
 * - `flowing`: closed; requests are sent, up to `limit` at once.
 * - `retrying`: open; Mixpanel is unavailable, slow or limits the rate. No request before `until`, then one
 *   at a time.
 * - `parked`: Mixpanel refuses credentials or address. As `retrying`, with longer waits, until an operator
 *   corrects the configuration.
 *
 * `limit` adapts to the answers: it grows by one for every round of successes that used all of it, up to the
 * configured concurrency, and a failure halves it, down to one. A refused configuration makes it one: after
 * that the first request must succeed alone.
 *
 * Requests overlap, so an answer counts only for the circuit in which its request was sent (`since`): four
 * requests that fail together are one failure, and a late success does not end a wait that began after it.
 *
 * A circuit belongs to one process. A wait that Mixpanel asked for is in storage as well, and opens the
 * circuit of a process that reads it there.
 */
export type Circuit =
  | { readonly kind: 'flowing'; readonly since: number; readonly limit: number }
  | {
      readonly kind: 'retrying' | 'parked';
      readonly since: number;
      readonly limit: number;
      /** Failures in a row. */
      readonly failures: number;
      readonly until: MonotonicMs;
      readonly failure: Failure;
      /** The wait was read from storage: no request of this process failed. */
      readonly adopted?: boolean;
    };

export type CircuitEvent =
  /** `inFlight` counts the request itself. */
  | { kind: 'settled'; sentSince: number; inFlight: number }
  | { kind: 'failed'; sentSince: number; failure: Failure };

type Policy = Pick<DeliveryConfig, 'retryBaseMs' | 'retryMaxMs' | 'parkMs' | 'concurrency'>;

/**
 * The wait of this process is stored a moment after it began, and so ends later in storage by up to this
 * time.
 */
const storedLaterMs = 1_000;

/** Requests at once after a start: fast enough for most, and bounded for a Mixpanel with problems. */
const firstLimit = 4;

export const firstCircuit = ({ concurrency }: Pick<Policy, 'concurrency'>): Circuit => ({
  kind: 'flowing',
  since: 0,
  limit: Math.min(firstLimit, concurrency),
});

/** The next circuit, after an answer to a request. Pure: `random` is between 0 and 1. */
export function nextCircuit(
  circuit: Circuit,
  event: CircuitEvent,
  now: MonotonicMs,
  random: number,
  policy: Policy,
): Circuit {
  if (event.sentSince !== circuit.since) return circuit;
  if (event.kind === 'settled' && circuit.kind === 'flowing') {
    const used = event.inFlight >= Math.floor(circuit.limit);
    if (!used || circuit.limit >= policy.concurrency) return circuit;
    return { ...circuit, limit: Math.min(policy.concurrency, circuit.limit + 1 / Math.floor(circuit.limit)) };
  }
  const since = circuit.since + 1;
  if (event.kind === 'settled') return { kind: 'flowing', since, limit: circuit.limit };
  const failures = circuit.kind === 'flowing' ? 1 : circuit.failures + 1;
  const { failure } = event;
  if (failure.kind === 'park')
    return { kind: 'parked', since, limit: 1, failures, failure, until: later(now, policy.parkMs) };
  const until = later(now, retryDelay(failures, random, policy, failure.retryAfterMs));
  return { kind: 'retrying', since, limit: Math.max(1, circuit.limit / 2), failures, failure, until };
}

/**
 * The circuit with a wait from storage: of this connection before a restart, or of another replica. A longer
 * wait of its own stays.
 */
export function adoptWait(
  circuit: Circuit,
  { forMs, failures, failure }: Pick<StoredWait, 'forMs' | 'failures' | 'failure'>,
  now: MonotonicMs,
): Circuit {
  const until = later(now, forMs);
  if (circuit.kind !== 'flowing' && circuit.until > until - storedLaterMs) return circuit;
  const { since, limit } = circuit;
  return {
    ...{
      kind: 'retrying',
      since: since + 1,
      limit: Math.max(1, limit / 2),
      failures,
      failure,
      until,
      adopted: true,
    },
  };
}

/** Milliseconds until another request may go out; `undefined` when it waits for one in flight. */
export function pauseOf(circuit: Circuit, now: MonotonicMs, inFlight: number): number | undefined {
  if (circuit.kind === 'flowing') return inFlight < Math.floor(circuit.limit) ? 0 : undefined;
  return inFlight === 0 ? Math.max(0, circuit.until - now) : undefined;
}

/**
 * Whether the next request only tests whether the configuration was corrected: the oldest batch is enough for
 * that. It is not after whole requests were refused without a reason: a single batch may be bad by itself,
 * and only others beside it would show that.
 */
export const probesSetUp = (circuit: Circuit): boolean =>
  circuit.kind === 'parked' && circuit.failure.code !== 'mixpanel_refuses_all';

/**
 * The wait of a connection in storage, observed after a restart and by other replicas.
 *
 * Only waits that Mixpanel asked for are stored: after a failure of the network, of the configuration or of
 * our storage a restart may try at once.
 */
export interface StoredWait {
  readonly forMs: number;
  /** How long ago it began. */
  readonly ageMs: number;
  /** Failures in a row that led to it. */
  readonly failures: number;
  readonly failure: Failure;
}
