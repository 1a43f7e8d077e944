import type { DeliveryConfig } from '../config.ts';
import { retryDelay } from './retry-delay.ts';
import type { Failure } from './verdict.ts';

/**
 * The course of one connection's delivery.
 *
 * `flowing`: requests go out, up to the connection's concurrency.
 * `retrying`: Mixpanel is away, slow or limits the rate. Nothing goes out before `until`, then one request at a time.
 * `parked`: Mixpanel refuses credentials or address. As `retrying`, with longer waits, until somebody corrects the set-up.
 *
 * Requests overlap, so an answer counts only for the course under which its request went out (`since`): four requests that fail
 * together are one failure, and a late success does not end a wait that began after it.
 */
export type Course =
  | { readonly kind: 'flowing'; readonly since: number }
  | {
      readonly kind: 'retrying' | 'parked';
      readonly since: number;
      /** Failures in a row. */
      readonly failures: number;
      /** Monotonic milliseconds. */
      readonly until: number;
      readonly failure: Failure;
    };

export type CourseEvent =
  | { kind: 'settled'; sentSince: number }
  | { kind: 'failed'; sentSince: number; failure: Failure };

/** The next course, after an answer to a request. Pure: `now` is monotonic, `random` between 0 and 1. */
export function nextCourse(
  course: Course,
  event: CourseEvent,
  now: number,
  random: number,
  policy: Pick<DeliveryConfig, 'retryBaseMs' | 'retryMaxMs' | 'parkMs'>,
): Course {
  if (event.sentSince !== course.since) return course;
  const since = course.since + 1;
  if (event.kind === 'settled') return course.kind === 'flowing' ? course : { kind: 'flowing', since };
  const failures = course.kind === 'flowing' ? 1 : course.failures + 1;
  const { failure } = event;
  if (failure.kind === 'park') {
    return { kind: 'parked', since, failures, failure, until: now + policy.parkMs };
  }
  const until = now + retryDelay(failures, random, policy, failure.retryAfterMs);
  return { kind: 'retrying', since, failures, failure, until };
}

/** Milliseconds until another request may go out; `undefined` when it waits for one in flight. */
export function pauseOf(
  course: Course,
  now: number,
  inFlight: number,
  concurrency: number,
): number | undefined {
  if (course.kind === 'flowing') return inFlight < concurrency ? 0 : undefined;
  return inFlight === 0 ? Math.max(0, course.until - now) : undefined;
}
