import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';

it('a limit that is not enabled allows everything', () => {
  const limits = new RateLimits({ now: () => 0 }, { queries: { limit: 1, windowMs: 1_000 } });
  expect([limits.take('queries'), limits.take('queries')].map(({ allowed }) => allowed)).toEqual([
    true,
    true,
  ]);
});

it('a refused request costs nothing, and requests pass again when the oldest one leaves the window', () => {
  let now = 0;
  const limits = new RateLimits({ now: () => now }, { queries: { limit: 2, windowMs: 1_000 } }, true);
  limits.take('queries');
  now = 400;
  expect(limits.take('queries')).toEqual({ allowed: true, remaining: 0, resetAt: 1_000 });
  expect(limits.take('queries')).toEqual({ allowed: false, remaining: 0, resetAt: 1_000 });
  now = 999;
  expect(limits.take('queries').allowed).toBe(false);
  now = 1_000;
  expect(limits.take('queries').allowed).toBe(true);
  expect(limits.take('queries').allowed).toBe(false);
});

it('no window ever holds more than the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 4 })), { maxLength: 60 }),
      requests => {
        let now = 0;
        const limits = new RateLimits({ now: () => now }, { bytes: { limit: 10, windowMs: 1_000 } }, true);
        const taken: { at: number; cost: number }[] = [];
        for (const [wait, cost] of requests) {
          now += wait;
          const inWindow = taken.filter(({ at }) => at > now - 1_000).reduce((sum, one) => sum + one.cost, 0);
          const { allowed } = limits.take('bytes', cost);
          expect(allowed).toBe(inWindow + cost <= 10);
          if (allowed) taken.push({ at: now, cost });
        }
      },
    ),
  );
});

it('each limit is enabled on its own, and several are charged together or not at all', () => {
  const rules = { bytes: { limit: 100, windowMs: 1_000 }, events: { limit: 2, windowMs: 1_000 } };
  const limits = new RateLimits({ now: () => 0 }, rules, ['events']);
  expect(limits.take('bytes', 1_000).allowed).toBe(true);
  expect(limits.takeAll({ bytes: 1_000, events: 2 })).toBe(true);
  expect(limits.takeAll({ events: 1 })).toBe(false);
  limits.enabled = true;
  limits.reset();
  expect(limits.takeAll({ bytes: 50, events: 3 })).toBe(false);
  expect([limits.taken('bytes'), limits.taken('events')]).toEqual([0, 0]);
  expect(limits.takeAll({ bytes: 50, events: 2 })).toBe(true);
  expect([limits.taken('bytes'), limits.taken('events')]).toEqual([50, 2]);
});
