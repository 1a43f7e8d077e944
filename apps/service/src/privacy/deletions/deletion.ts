import type { NewVendorDeletion, VendorDeletion } from '@braze-mixpanel/storage';
import { z } from 'zod';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Times of a deletion, in milliseconds. */
export const deletionTimes = {
  /** After which the answer to a request is lost: more than the time-out of a request. */
  answer: 5 * 60_000,
  /** From acceptance to the first look. Each later look is after as long again, until that is {@link longestLook}. */
  firstLook: hourMs,
  longestLook: dayMs,
  /** For which a look waits for requests that are due after it. */
  patience: 12 * hourMs,
  /** Until the next attempt, at least, where settings or rights have to be corrected. */
  corrected: hourMs,
  firstRetry: 60_000,
  longestRetry: 6 * hourMs,
  /** In which Mixpanel accepts the request, or it has failed: the ID is kept no longer. */
  accept: 30 * dayMs,
  /** By Mixpanel's word a deletion may take up to 30 days. */
  late: 30 * dayMs,
  /** After which a task is not followed any more. */
  follow: 90 * dayMs,
} as const;

const textSchema = z.object({
  /** Until Mixpanel has accepted the request, or there will be none. */
  externalId: z.string().nullable(),
  taskId: z.string().nullable(),
  /** Mixpanel's last word on the task, such as `STARTED`. */
  status: z.string().nullable(),
  /** Why it does not go on, or failed: a sentence. */
  problem: z.string().nullable(),
  /** Attempts in a row that failed. */
  failures: z.int(),
  /** Requests whose answer was lost: each may have created a task of its own. */
  lostAnswers: z.int(),
  requestedAt: z.number(),
  acceptedAt: z.number().nullable(),
  checkedAt: z.number().nullable(),
  /** Requests of the same user before this one that have ended, oldest first. */
  earlier: z.array(
    z.object({
      taskId: z.string().nullable(),
      state: z.enum(['done', 'failed', 'withdrawn']),
      endedAt: z.number(),
    }),
  ),
});

type Place = Pick<VendorDeletion, 'number' | 'project' | 'connection'>;

/** The deletion of one user in one project. */
export type Deletion = Place &
  Pick<VendorDeletion, 'state' | 'since' | 'dueAt'> &
  z.output<typeof textSchema>;

export const readDeletion = ({ text, revision: _, ...row }: VendorDeletion): Deletion => ({
  ...row,
  ...textSchema.parse(JSON.parse(text)),
});

export function storedDeletion(deletion: Deletion): NewVendorDeletion {
  const { number, project, connection, state, since, dueAt } = deletion;
  const text = JSON.stringify(textSchema.parse(deletion));
  return { number, project, connection, state, since, dueAt, text };
}

/** A deletion that Mixpanel is asked for as soon as possible. */
export const newDeletion = (place: Place, externalId: string, now: number): Deletion => ({
  ...place,
  ...{ state: 'waiting', since: now, dueAt: now, externalId: externalId.toWellFormed(), taskId: null },
  ...{ status: null, problem: null, failures: 0, lostAnswers: 0 },
  ...{ requestedAt: now, acceptedAt: null, checkedAt: null, earlier: [] },
});

const earlierKept = 20;

/** The deletion of a user whose last one has ended, after it. */
export function requestedAgain(before: Deletion, fresh: Deletion): Deletion {
  const { taskId, state, since: endedAt, earlier } = before;
  if (state !== 'done' && state !== 'failed' && state !== 'withdrawn') return before;
  return { ...fresh, earlier: [...earlier, { taskId, state, endedAt }].slice(-earlierKept) };
}

/** What came of an exchange with Mixpanel about a deletion. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly taskId: string }
  | { readonly kind: 'status'; readonly status: string }
  /** Mixpanel will not do it; a sentence. */
  | { readonly kind: 'failed'; readonly problem: string; readonly status?: string }
  /**
   * It must be tried again; a sentence. `correct`: a setting must be changed first. `isLost`: it may have been done.
   */
  | {
      readonly kind: 'again';
      readonly problem: string;
      readonly correct?: boolean;
      readonly isLost?: boolean;
      readonly retryAfterMs?: number | undefined;
    };

/** The deletion as it is stored before its request is sent. */
export const asking = (deletion: Deletion, now: number): Deletion => ({
  ...deletion,
  state: 'asking',
  dueAt: now + deletionTimes.answer,
});

/** A deletion whose request was sent and has no answer: it may have created a task. */
export const withoutAnswer = (deletion: Deletion): Deletion => ({
  ...deletion,
  state: 'waiting',
  lostAnswers: deletion.lostAnswers + 1,
});

/** The deletion after an exchange with Mixpanel. `done` only where Mixpanel said so of its task. */
export function afterExchange(deletion: Deletion, outcome: Outcome, now: number): Deletion {
  switch (outcome.kind) {
    case 'accepted': {
      const { taskId } = outcome;
      const followed = { state: 'followed', since: now, dueAt: now + deletionTimes.firstLook } as const;
      return {
        ...{ ...deletion, ...followed, externalId: null, taskId, status: 'PENDING' },
        ...{ problem: null, failures: 0, acceptedAt: now },
      };
    }
    case 'status': {
      const { status } = outcome;
      const looked = { ...deletion, status, problem: null, failures: 0, checkedAt: now };
      if (status === 'SUCCESS') return ended(looked, 'done', null, now);
      return isOver(deletion, now) ?? { ...looked, dueAt: now + untilLook(deletion, now) };
    }
    case 'failed': {
      const { problem, status = deletion.status } = outcome;
      return ended({ ...deletion, status, checkedAt: now }, 'failed', problem, now);
    }
    case 'again': {
      const { problem, correct = false, isLost = false, retryAfterMs = 0 } = outcome;
      const { state } = deletion;
      const failures = deletion.failures + 1;
      const { firstRetry, longestRetry, corrected } = deletionTimes;
      const backOff = Math.min(firstRetry * 2 ** Math.min(failures - 1, 20), longestRetry);
      const least = state === 'followed' ? untilLook(deletion, now) : corrected;
      const dueAt = now + Math.max(correct ? least : 0, backOff, retryAfterMs);
      const isAsking = state === 'asking';
      const lostAnswers = deletion.lostAnswers + (isAsking && isLost ? 1 : 0);
      const next = {
        ...deletion,
        ...(isAsking && { state: 'waiting' as const }),
        problem,
        failures,
        lostAnswers,
        dueAt,
      };
      return isOver(next, now) ?? next;
    }
  }
}

/** Time until the next look at a task, by its age. */
const untilLook = ({ since }: Deletion, now: number): number =>
  Math.min(Math.max(now - since, deletionTimes.firstLook), deletionTimes.longestLook);

/** A deletion that took too long, as a failure. */
function isOver(deletion: Deletion, now: number): Deletion | undefined {
  const { since, problem, state } = deletion;
  const why = problem === null ? '' : ` The last problem: ${problem}`;
  if (state !== 'followed')
    return now - since < deletionTimes.accept
      ? undefined
      : ended(
          deletion,
          'failed',
          `Mixpanel did not accept the request within 30 days, and the ID is not kept any longer.${why}`,
          now,
        );
  if (now - since < deletionTimes.follow) return undefined;
  const text = `Mixpanel has not reported success within 90 days; the task is not followed any more.${why}`;
  return ended(deletion, 'failed', text, now);
}

/** An ended deletion has no ID. */
export function ended(
  deletion: Deletion,
  state: 'done' | 'failed' | 'withdrawn',
  problem: string | null,
  now: number,
): Deletion {
  return { ...deletion, state, problem, since: now, dueAt: undefined, externalId: null };
}
