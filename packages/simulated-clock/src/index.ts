/**
 * The clock that simulators and the service share in tests: one process leads, the others follow it over
 * HTTP.
 *
 * @module
 */
export { type Follower, type FollowOptions, followLeader } from './follower.ts';
export { type EpochMs, epochMs, later, type MonotonicMs, monotonicMs } from './instant.ts';
export { messageOf } from './leader-client.ts';
export {
  type ClockReading,
  type ClockTimers,
  clockReadingSchema,
  clockTimersSchema,
  type FollowerAnswer,
  type FollowerPost,
  type FollowerReading,
  followerAnswerSchema,
  followerPostSchema,
} from './protocol.ts';
export { Timeline } from './timeline.ts';
export { type Job, TimerQueue } from './timer-queue.ts';
