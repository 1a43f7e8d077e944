import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelay } from './retry-delay.ts';

const documented = { retryBaseMs: 2_000, retryMaxMs: 60_000 };
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('the wait after a failure', () => {
  it('is 2 s doubling to 60 s, plus a jitter of 1 to 5 s, as Mixpanel documents', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map(failures => [
      retryDelay(failures, 0, documented),
      retryDelay(failures, 1, documented),
    ]);
    expect(waits).toEqual([
      [3_000, 7_000],
      [5_000, 9_000],
      [9_000, 13_000],
      [17_000, 21_000],
      [33_000, 37_000],
      [61_000, 65_000],
      [61_000, 65_000],
    ]);
  });

  it('never shrinks with further failures, is never endless, and never undercuts a Retry-After', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        chance,
        fc.nat(3_600_000),
        (failures, random, retryAfter) => {
          const wait = retryDelay(failures, random, documented, retryAfter);
          expect(wait).toBeGreaterThanOrEqual(retryAfter);
          expect(wait).toBeLessThanOrEqual(Math.max(65_000, retryAfter));
          expect(retryDelay(failures + 1, random, documented, retryAfter)).toBeGreaterThanOrEqual(wait);
        },
      ),
    );
  });
});
