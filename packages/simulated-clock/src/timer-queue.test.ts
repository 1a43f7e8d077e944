import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });

it('gives the due timers by time, then in the order they were added, and keeps the rest', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 20 }), fc.func(fc.boolean()), (ats, now, cancelled) => {
      const queue = new TimerQueue();
      const kept = ats.flatMap((at, index) => {
        const cancel = queue.add(at, () => {}, `${index}`);
        if (!cancelled(index)) return [{ at, index }];
        cancel();
        return [];
      });
      const due = kept.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at || a.index - b.index);
      expect([...queue.takeDue(() => now)].map(({ name }) => name)).toEqual(
        due.map(({ index }) => `${index}`),
      );
      const rest = kept.filter(({ at }) => at > now).map(({ at }) => at);
      expect(queue.nextDue).toBe(rest.length === 0 ? null : Math.min(...rest));
    }),
  );
});

it('leaves timers that are added meanwhile for the next call, even those that are due', () => {
  const queue = new TimerQueue();
  const again = vi.fn(() => void queue.add(0, again));
  queue.add(10, again);
  for (const { job } of queue.takeDue(() => 10)) void job();
  expect(again).toHaveBeenCalledTimes(1);
  for (const { job } of queue.takeDue(() => 10)) void job();
  expect(again).toHaveBeenCalledTimes(2);
});

it('asks for the time before each timer, and skips one that was cancelled meanwhile', () => {
  const queue = new TimerQueue();
  let now = 10;
  const late = vi.fn();
  queue.add(5, () => {
    cancel();
    now = 20;
  });
  const cancel = queue.add(6, late);
  queue.add(20, () => {});
  const taken = [];
  for (const { at, job } of queue.takeDue(() => now)) {
    void job();
    taken.push(at);
  }
  expect(taken).toEqual([5, 20]);
  expect(late).not.toHaveBeenCalled();
});
