import { expect, it } from 'vitest';
import { copyOf, eventsOf, stateOf } from '../page/src/service/traced-events.ts';

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

it('a delivered event whose dead letter is gone was a dead letter, and one in the list is a dead letter', () => {
  const event = {
    ...{ id: 'an-id', eventType: 'a type', time: null, state: 'invalid', reason: 'refused_distinct_id' },
    history: [],
  };
  const at = '2026-01-01T00:00:00.000Z';
  const ended = { ...event, batch: 60923, deliveredAt: at };
  const letter = { ...event, deadLetter: 3, diedAt: at, detail: 'why' };
  const shown = (delivered: (typeof ended)[], deadLetters: (typeof letter)[]) =>
    eventsOf({ default: { pending: [], deadLetters, delivered } }).map(each => [
      stateOf(each)[1],
      each.detail,
    ]);
  const gone = 'no longer in the list: it was purged, expired, or was replayed';
  expect(shown([ended], [])).toEqual([['Was a dead letter', `Refused distinct id, batch 60923, ${gone}`]]);
  expect(shown([{ ...ended, state: 'refused' }], [])).toEqual([
    ['Refused by Mixpanel', `Refused distinct id, batch 60923, its dead letter is ${gone}`],
  ]);
  expect(shown([], [letter])).toEqual([['Dead letter, not sent', 'why']]);
});
