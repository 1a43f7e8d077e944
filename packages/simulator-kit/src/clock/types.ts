import * as z from 'zod';
import type { SimulationClock } from '../types.ts';

const followerSchema = z
  .object({
    follower: z.string(),
    /** The revision it has caught up with. */
    revision: z.int(),
    idle: z.boolean(),
    nextDue: z.number().nullable(),
  })
  .readonly();

/** A follower, as `GET /_sim/clock` lists it. */
export type FollowerReading = z.output<typeof followerSchema>;

/** The answer of `GET /_sim/clock`. */
export const clockReadingSchema = z
  .object({
    /** Milliseconds since 1970. */
    now: z.number(),
    iso: z.string(),
    frozen: z.boolean(),
    /** Grows with every change of the clock that followers have to apply. */
    revision: z.int(),
    followers: z.array(followerSchema).readonly(),
  })
  .readonly();

/** What `GET /_sim/clock` answers. */
export type ClockReading = z.output<typeof clockReadingSchema>;

/** The answer of `POST /_sim/clock/follow`: what a follower learns from the leader. */
export const followerAnswerSchema = z
  .object({ revision: z.int(), now: z.number(), frozen: z.boolean() })
  .readonly();

/** What a follower learns from the leader. */
export type FollowerAnswer = z.output<typeof followerAnswerSchema>;

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

/** The clock behind `/_sim/clock`: one that leads, or one that follows another process's and hands every change on to it. */
export interface ControlledClock extends SimulationClock {
  readonly nextDue: number | null;
  reading(): Promise<ClockReading>;
  change(command: ClockCommand): Promise<ClockReading>;
  follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer>;
  close(): Promise<void>;
}
