import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const waitOf = (headers: Record<string, string>) => parseRetryAfter(new Headers(headers), now);

describe('the wait that an answer asks for', () => {
  it.each([
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' }, 60_000],
    // By the answer's own clock, for any time of ours.
    [{ 'retry-after': 'Mon, 23 Nov 2026 15:01:00 GMT', date: 'Mon, 23 Nov 2026 15:00:00 GMT' }, 60_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 09:01:00 GMT', date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, 60_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT', date: 'Mon, 23 Nov 2026 12:01:00 GMT' }, undefined],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT', date: 'yesterday' }, 60_000],
    [{ 'retry-after': '30', date: 'Mon, 23 Nov 2026 15:00:00 GMT' }, 30_000],
    // The old forms of an HTTP date.
    [{ 'retry-after': 'Monday, 23-Nov-26 12:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Mon Nov 23 12:01:00 2026' }, 60_000],
    [{ 'retry-after': '30.0' }, 30_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '2.' }, 2_000],
    [{ 'retry-after': '0.0001' }, 1],
    [{ 'retry-after': '0.0' }, undefined],
    [{ 'retry-after': '1.5.1' }, undefined],
    [{ 'retry-after': '.5' }, undefined],
    // Several headers arrive as one list.
    [{ 'retry-after': '5, 10' }, 10_000],
    [{ 'retry-after': '10,5' }, 10_000],
    [{ 'retry-after': '5, soon' }, 5_000],
    [{ 'retry-after': ', 5,' }, 5_000],
    [{ 'retry-after': '5, Mon, 23 Nov 2026 12:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT, Monday, 23-Nov-26 12:02:00 GMT, 5' }, 120_000],
    [{ 'retry-after': '999999999' }, 3_600_000],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1_000 + 3) }, 3_000],
    [
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(now / 1_000 + 7_203),
        date: new Date(now + 7_200_000).toUTCString(),
      },
      3_000,
    ],
    [{ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(now / 1_000 + 3) }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'later' }, undefined],
    [
      {
        'retry-after': '1',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(now / 1_000 + 3),
      },
      3_000,
    ],
  ])('%j is %j ms', (headers, milliseconds) => {
    expect(waitOf(headers as Record<string, string>)).toBe(milliseconds);
  });

  const word = fc.oneof(
    fc.stringMatching(/^[\x21-\x7e]{1,12}$/),
    fc.nat().map(String),
    fc.float({ noNaN: true }).map(String),
    fc.date().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toUTCString()),
  );

  it('is the longest of a list, whatever else stands in it', () => {
    const list = fc.array(fc.oneof(word, fc.string()), { maxLength: 5 });
    const waits = fc.array(fc.nat({ max: 3_600 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(waits, list, (seconds, others) => {
        const one = parseRetryAfter(
          { get: name => (name === 'retry-after' ? seconds.join(', ') : null) },
          now,
        );
        expect(one ?? 0).toBe(Math.max(...seconds) * 1_000);
        const mixed = [...seconds, ...others].join(', ');
        const longest = parseRetryAfter({ get: name => (name === 'retry-after' ? mixed : null) }, now) ?? 0;
        expect(longest).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it('is an hour at most and never negative, for any headers', () => {
    fc.assert(
      fc.property(word, word, word, word, (after, remaining, reset, date) => {
        const wait = waitOf({
          'retry-after': after,
          'x-ratelimit-remaining': remaining,
          'x-ratelimit-reset': reset,
          date,
        });
        if (wait === undefined) return;
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});
