import { describe, expect, it } from 'vitest';
import { type Fate, fateOf, findReplayed } from '../page/src/service/replayed.ts';

const none = { delivered: 0, skipped: 0, dead: 0, pending: 0, others: 0 };

describe('a replayed dead letter that is not found again', () => {
  it.each<[string, Fate, Partial<typeof none>, boolean]>([
    ['waits while events are pending', 'waiting', { pending: 1, delivered: 3 }, true],
    ['may wait or not while others do', 'hidden', { pending: 1, delivered: 3, others: 3 }, true],
    ['is delivered by its own count', 'delivered', { delivered: 1 }, true],
    ['is skipped by its own count', 'skipped', { skipped: 1 }, true],
    ['has ended beside others', 'ended', { delivered: 7, others: 6 }, true],
    ['has not ended by counts from before the replay', 'waiting', { dead: 1 }, true],
    ['may have failed again where it has no ID', 'unknown', { dead: 1 }, false],
    ['may have failed again beside others', 'unknown', { delivered: 5, dead: 1, others: 5 }, false],
    ['is delivered without an ID', 'delivered', { delivered: 1 }, false],
  ])('%s', (_what, fate, counts, isNamed) => {
    expect(fateOf({ ...none, ...counts }, isNamed)).toBe(fate);
  });
});

describe('a replayed dead letter in the trace of its user', () => {
  const stored = { id: 'an-id', eventType: 'a type', time: null, history: [] };
  const letter = {
    ...{ id: 7, connection: 'default', reason: 'invalid_time', detail: '', eventType: null, insertId: null },
    ...{
      batch: null,
      receivedAt: '',
      diedAt: '2026-01-01T00:00:01.000Z',
      original: { id: 'an-id' },
      mapped: null,
    },
  };
  const waits = {
    ...{ ...stored, state: 'waiting', reason: null, batch: 2, receivedAt: '2026-01-01T00:00:00.000Z' },
    ...{ attempts: 0, nextAttempt: null, beingDelivered: false },
  };
  const dead = (deadLetter: number) => ({
    ...{
      ...stored,
      state: 'refused',
      reason: 'refused_by_mixpanel',
      deadLetter,
      diedAt: letter.diedAt,
      detail: '',
    },
  });
  const delivered = (state: string, second: number) => ({
    ...{ ...stored, state, reason: null, batch: 1, deliveredAt: `2026-01-01T00:00:0${second}.000Z` },
  });
  type Stored = Parameters<typeof findReplayed>[0]['connections'][string];
  const empty: Stored = { pending: [], deadLetters: [], delivered: [] };
  const found = (of: Partial<Stored>) =>
    findReplayed(
      { connections: { default: { ...empty, ...of } }, cohorts: [], forgotten: null, older: null },
      letter,
    );

  it.each<[string, string, Partial<Stored>]>([
    ['waits', 'waiting', { pending: [waits] }],
    ['is refused again', 'refused', { deadLetters: [dead(8)] }],
    ['is accepted', 'accepted', { delivered: [delivered('accepted', 2)] }],
    ['was accepted before, as another copy', 'accepted', { delivered: [delivered('accepted', 0)] }],
    ['is skipped', 'skipped', { delivered: [delivered('skipped', 2)] }],
  ])('%s', (_what, state, of) => {
    expect(found(of)).toMatchObject({ state });
  });

  it.each<[string, string, Partial<Stored>]>([
    ['it has only the dead letter itself', 'does not have it', { deadLetters: [dead(7)] }],
    ['it has only the refusal before', 'does not have it', { delivered: [delivered('refused', 1)] }],
    ['only another event waits', 'does not have it', { pending: [{ ...waits, id: 'another' }] }],
    ['delivered events are not stored', 'DELIVERED_RETENTION', { delivered: null }],
    ['the list is cut', 'more stored events', { pending: Array(200).fill({ ...waits, id: 'another' }) }],
  ])('is not known where %s', (_what, reason, of) => {
    expect(found(of)).toContain(reason);
  });
});
