import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWantedTime, mayHoldWanted, scopeOf } from './wanted.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-05-01T00:00:00Z');

/** Path of a file with the events that were queued in an hour. */
const pathOf = (hour: number) =>
  `event_type=users.messages.email.Send/date=${new Date(hour).toISOString().slice(0, 13).replace('T', '-')}/1.avro`;

it('A file is read if an event in it may be wanted: up to a week late, or up to a day ahead of its queueing', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.integer({ min: -7 * 24 * 3_600, max: 24 * 3_600 }),
      fc.record({ from: fc.nat(500), until: fc.nat(500) }, { requiredKeys: [] }),
      (hour, offset, hours) => {
        const wanted = {
          ...(hours.from !== undefined && { from: start + hours.from * hourMs }),
          ...(hours.until !== undefined && { until: start + hours.until * hourMs }),
        };
        const queuedHour = start + hour * hourMs;
        // The earliest moment of the hour for a late event, the latest one for an event that is ahead.
        const queued = offset < 0 ? queuedHour : queuedHour + hourMs - 1_000;
        if (isWantedTime(queued / 1_000 + offset, wanted))
          expect(mayHoldWanted(pathOf(queuedHour), wanted)).toBe(true);
      },
    ),
  );
});

it('A file is passed over whose hour ended a day before the first wanted moment, or began a week after the last', () => {
  const wanted = { from: start, until: start + hourMs };
  const isRead = (hours: number) => mayHoldWanted(pathOf(start + hours * hourMs), wanted);
  expect([-26, -25, -24, 0, 168, 169].map(isRead)).toEqual([false, false, true, true, true, false]);
});

it('A file without an hour in its path is always read, and one of another event type never', () => {
  const wanted = { from: start, events: ['users.messages.email.Open'] };
  expect(mayHoldWanted('any/1.avro', wanted)).toBe(true);
  expect(mayHoldWanted(pathOf(start), wanted)).toBe(false);
});

it('The scope is the same for the same wanted events, in any order of their types', () => {
  const [a, b] = ['users.messages.email.Open', 'users.messages.email.Send'];
  expect(scopeOf({})).toBe('');
  expect(scopeOf({ events: [a, b] })).toBe(scopeOf({ events: [b, a] }));
  expect(scopeOf({ from: 1 })).not.toBe(scopeOf({ until: 1 }));
});
