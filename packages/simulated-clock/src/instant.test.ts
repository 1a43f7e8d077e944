import { expect, expectTypeOf, it } from 'vitest';
import { type EpochMs, epochMs, later, type MonotonicMs, monotonicMs } from './instant.ts';

it('an instant of one clock does not compile as one of the other', () => {
  const wall = (at: EpochMs) => at;
  const monotonic = (at: MonotonicMs) => at;
  // @ts-expect-error: a monotonic reading is no instant of the wall clock
  wall(monotonicMs(1));
  // @ts-expect-error: an instant of the wall clock is no monotonic reading
  monotonic(epochMs(1));
  // @ts-expect-error: a plain number may be of either clock
  monotonic(1);
  // @ts-expect-error: it stays an instant of its clock
  wall(later(monotonicMs(1), 5));
  expectTypeOf(later(epochMs(1), 5)).toEqualTypeOf<EpochMs>();
  expectTypeOf(epochMs(3)).toExtend<number>();
  expect(later(monotonicMs(1), 5)).toBe(6);
});
