import type { SimulationClock } from '@braze-mixpanel/simulator-kit';
import type { SentRequest } from './deliveries.ts';
import type { Backoff, RetryPolicy } from './retry-policy.ts';

/** The sender's dependencies. */
export interface SenderPorts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<SimulationClock, 'now' | 'schedule'>;
  /** A random number in [0, 1). */
  readonly random: () => number;
  /**
   * Called for each request, so that a change applies from the next one on (`concurrency`: to new Currents).
   */
  readonly settings: () => SenderSettings;
  /** Called when the Current has failed for `disableAfter` and the sender has stopped. */
  readonly onDisable: () => void;
  /** Called with each request that was sent, and its answer. */
  readonly onSent?: (sent: Omit<SentRequest, 'current'>) => void;
}

/** Batching and retry settings of a sender. */
export interface SenderSettings {
  /** Milliseconds on the simulation clock; Braze: about five minutes. */
  readonly flushInterval: number;
  /** Maximum number of concurrent requests, over all queues. */
  readonly concurrency: number;
  /** Real milliseconds; undocumented by Braze. */
  readonly requestTimeout: number;
  readonly retry: RetryPolicy;
  readonly backoff: Backoff;
}
