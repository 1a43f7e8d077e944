import type {
  ClockReading,
  ClockTimers,
  FollowerAnswer,
  FollowerPost,
} from '@braze-mixpanel/simulated-clock';
import type { SimulationClock } from '../types.ts';

/** `POST /_sim/clock`, after its durations and dates were parsed. In milliseconds, `at` since 1970. */
export type ClockCommand =
  | { readonly kind: 'advance'; readonly milliseconds: number }
  | { readonly kind: 'set'; readonly at: number }
  | { readonly kind: 'freeze'; readonly frozen: boolean };

/**
 * The clock behind `/_sim/clock`: one that leads, or one that follows another process and forwards every
 * change to it.
 */
export interface ControlledClock extends SimulationClock {
  readonly nextDue: number | null;
  reading(): Promise<ClockReading>;
  /** The next timers of this process, and its latest jobs that ran. */
  timers(): ClockTimers;
  change(command: ClockCommand): Promise<ClockReading>;
  follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer>;
  close(): Promise<void>;
}
