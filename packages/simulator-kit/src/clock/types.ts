import type { SimulationClock } from '../types.ts';

/** What `GET /_sim/clock` answers. */
export interface ClockReading {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly iso: string;
  readonly frozen: boolean;
  /** Grows with every change of the clock that followers have to hear of. */
  readonly revision: number;
  readonly followers: readonly FollowerReading[];
}

/** A follower, as `GET /_sim/clock` lists it. */
export interface FollowerReading {
  readonly follower: string;
  /** The revision it has caught up with. */
  readonly revision: number;
  readonly idle: boolean;
  readonly nextDue: number | null;
}

/** `POST /_sim/clock`, after its durations and dates were read. Milliseconds. */
export type ClockCommand =
  | { readonly kind: 'advance'; readonly milliseconds: number }
  | { readonly kind: 'set'; readonly at: number }
  | { readonly kind: 'freeze'; readonly frozen: boolean };

/** `POST /_sim/clock/follow`: a follower says how far it has come, and asks to be told of the next change. */
export interface FollowerPost {
  /** A name that no other process has, for example `service-<uuid>`. */
  readonly follower: string;
  readonly revision: number;
  /** Caught up with `revision` and without work that its time or others started. */
  readonly idle: boolean;
  /** Whether it did any such work since its last post. */
  readonly worked: boolean;
  /** When it next wants to wake, or null. */
  readonly nextDue: number | null;
}

/** What a follower learns from the leader. */
export interface FollowerAnswer {
  readonly revision: number;
  readonly now: number;
  readonly frozen: boolean;
}

/** The clock behind `/_sim/clock`: one that leads, or one that follows another process's and hands every change on to it. */
export interface ControlledClock extends SimulationClock {
  readonly nextDue: number | null;
  reading(): Promise<ClockReading>;
  change(command: ClockCommand): Promise<ClockReading>;
  follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer>;
  close(): Promise<void>;
}
