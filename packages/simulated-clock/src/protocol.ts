/**
 * The messages between the leader of a simulated clock and its followers, under `/_sim/clock`. Times are in
 * ms since 1970.
 */
import * as z from 'zod';

const followerSchema = z
  .object({
    follower: z.string(),
    /** The revision it has caught up with. */
    revision: z.int(),
    idle: z.boolean(),
    nextDue: z.number().nullable(),
    /** What is due then, such as `cohort sync sync-1`. */
    nextName: z.string().nullable(),
  })
  .readonly();

/** A follower, as `GET /_sim/clock` lists it. */
export type FollowerReading = z.output<typeof followerSchema>;

/** The answer of `GET /_sim/clock`. */
export const clockReadingSchema = z
  .object({
    now: z.number(),
    iso: z.string(),
    frozen: z.boolean(),
    /** Grows with every change of the clock that followers have to apply. */
    revision: z.int(),
    followers: z.array(followerSchema).readonly(),
  })
  .readonly();

/** The answer of `GET /_sim/clock`. */
export type ClockReading = z.output<typeof clockReadingSchema>;

/** The answer of `GET /_sim/clock/timers`. */
export const clockTimersSchema = z
  .object({
    /** Number of all timers of this process. */
    total: z.int(),
    /** The next of them, in order. */
    scheduled: z.array(z.object({ at: z.number(), name: z.string() }).readonly()).readonly(),
    /** The latest jobs that ran, newest first: when they were due, and why they failed. */
    ran: z
      .array(z.object({ at: z.number(), name: z.string(), error: z.string().nullable() }).readonly())
      .readonly(),
  })
  .readonly();

/** The timers of one process on the simulated clock. */
export type ClockTimers = z.output<typeof clockTimersSchema>;

/**
 * The body of `POST /_sim/clock/follow`: the progress of a follower. Where it names the leader's present
 * revision, the answer comes with the next change of the clock.
 */
export const followerPostSchema = z.strictObject({
  /** A name that no other process has, for example `service-<uuid>`. */
  follower: z.string().min(1).max(200),
  /** The revision it has applied; 0 in its first post. */
  revision: z.int().min(0),
  /** Caught up with `revision`, and without work that its time or others started. */
  idle: z.boolean(),
  /** Whether it did any such work since its last post. */
  worked: z.boolean().default(false),
  /** The time of its next timer. */
  nextDue: z.number().nullable().default(null),
  /** What that timer does, such as `cohort sync sync-1`. */
  nextName: z.string().max(500).nullable().default(null),
});

/** The progress that a follower posts to its leader. */
export type FollowerPost = Readonly<z.output<typeof followerPostSchema>>;

/** The answer of `POST /_sim/clock/follow`. */
export const followerAnswerSchema = z
  .object({ revision: z.int(), now: z.number(), frozen: z.boolean() })
  .readonly();

/** The leader's time, as a follower applies it. */
export type FollowerAnswer = z.output<typeof followerAnswerSchema>;
