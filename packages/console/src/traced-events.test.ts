import { expect, it } from 'vitest';
import { copyOf, eventsOf } from '../page/src/service/traced-events.ts';

const past = { state: 'waiting', reason: null, at: null, deadLetter: null };

it('an entry of the history of an event is about the time before, or names the copy', () => {
  expect(copyOf({ ...past, earlier: true, batch: 4 })).toBe('before');
  expect(copyOf({ ...past, earlier: false, batch: 4 })).toBe('copy in batch 4');
  expect(copyOf({ ...past, earlier: false, batch: null, deadLetter: 3 })).toBe('copy in dead letter 3');
});

it('an event that is due after a failed attempt is tried now', () => {
  const waits = {
    ...{ id: 'an-id', eventType: 'a type', time: null, state: 'waiting', reason: null, history: [] },
    ...{ batch: 2, receivedAt: '2026-01-01T00:00:00.000Z', attempts: 3, beingDelivered: false },
  };
  const detailOf = (nextAttempt: string | null) =>
    eventsOf({ default: { pending: [{ ...waits, nextAttempt }], deadLetters: [], delivered: [] } })[0];
  expect(detailOf(null)).toMatchObject({ detail: 'Batch 2, 3 attempts, next now', at: null });
  const next = '2026-01-01T01:00:00.000Z';
  expect(detailOf(next)).toMatchObject({ detail: 'Batch 2, 3 attempts, next', at: next });
});
