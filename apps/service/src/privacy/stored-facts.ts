import type { DeadLetterStore, Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { splitBody } from '../events/body/split-user.ts';
import { storedBodies } from '../events/body/stored-body.ts';
import { explain, explanationSchema } from '../events/dead-letters/explain.ts';
import { letterPages } from '../events/dead-letters/letter-pages.ts';
import { deadState, type Fact, keyOf, settledShape } from './event-state.ts';
import { eventShape, isoTime, storedEvent } from './stored-event.ts';
import type { StoredUser } from './stored-user.ts';

export const pendingEventSchema = z.object({
  ...{ ...eventShape, ...settledShape },
  batch: z.int(),
  receivedAt: z.string(),
  attempts: z.int(),
  nextAttempt: z
    .string()
    .nullable()
    .describe(
      "When it is tried again, or until when it is held, on the service's clock; `null` where it is due or was not tried.",
    ),
  beingDelivered: z.boolean(),
});

export const deadLetterSchema = z.object({
  ...{ ...eventShape, ...settledShape },
  deadLetter: z.int(),
  diedAt: z.string(),
  detail: z.string(),
  explanation: explanationSchema.nullable(),
});

type EntryOf<Schema extends z.ZodType> = Omit<z.output<Schema>, 'state' | 'reason' | 'history'>;
export type PendingFact = Fact & { in: 'pending'; entry: EntryOf<typeof pendingEventSchema> };
export type LetterFact = Fact & { in: 'deadLetters'; entry: EntryOf<typeof deadLetterSchema> };

/**
 * A user's pending events in order of arrival. Identifiers outside events have an entry as well, without ID, type and
 * time.
 *
 * @param now the service's clock, milliseconds since 1970
 */
export async function* pendingOf(
  connection: string,
  user: StoredUser,
  { journal, now }: { readonly journal: Pick<Journal, 'pending'>; readonly now: () => number },
): AsyncGenerator<PendingFact> {
  for await (const batch of storedBodies(page => journal.pending(page), connection)) {
    const { theirs = [], beside = false } = splitBody(batch.body, user) ?? {};
    const { id, attempts, retryInMs, heldUntil, receivedAt, leased } = batch;
    const next = retryInMs ? now() + retryInMs : heldUntil;
    for (const { event, text } of beside ? [...theirs, besideEvents] : theirs) {
      const stored = storedEvent(event);
      yield {
        ...{
          connection,
          key: keyOf(stored.id, text),
          in: 'pending',
          state: heldUntil === undefined ? 'waiting' : 'held',
        },
        ...{ reason: null, at: receivedAt, batch: id, deadLetter: null, goesOn: false },
        entry: {
          ...{ ...stored, batch: id, receivedAt: isoTime(receivedAt), attempts, beingDelivered: leased },
          nextAttempt: next === undefined ? null : isoTime(next),
        },
      };
    }
  }
}

const besideEvents = { event: undefined, text: '' };

/** A user's dead letters, the newest first. */
export async function* lettersOf(
  connection: string,
  user: StoredUser,
  store: Pick<DeadLetterStore, 'list'>,
): AsyncGenerator<LetterFact> {
  for await (const page of letterPages(connection, store)) {
    for (const { id, original, reason, detail, diedAt } of page) {
      if (!user.mayBeIn(original)) continue;
      const event: unknown = JSON.parse(original);
      if (!user.isIn(original, event)) continue;
      const stored = storedEvent(event);
      yield {
        ...{
          connection,
          key: keyOf(stored.id, original),
          in: 'deadLetters',
          state: deadState(reason),
          reason,
        },
        ...{ at: diedAt, batch: null, deadLetter: id, goesOn: false },
        entry: {
          ...{ ...stored, deadLetter: id, diedAt: isoTime(diedAt), detail },
          explanation: explain(reason) ?? null,
        },
      };
    }
  }
}
