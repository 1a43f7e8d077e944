import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realClock } from './clock.ts';

const minute = 60_000;
const hour = 60 * minute;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the time of day', () => {
  it('reports within a minute that it was set back, once, and ignores small steps', async () => {
    const clock = realClock();
    const setBack = vi.fn();
    clock.onSetBack(setBack);
    await vi.advanceTimersByTimeAsync(5 * minute);
    vi.setSystemTime(Date.now() - 500);
    await vi.advanceTimersByTimeAsync(2 * minute);
    vi.setSystemTime(Date.now() + hour);
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(setBack).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() - hour);
    await vi.advanceTimersByTimeAsync(minute);
    expect(setBack).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(setBack).toHaveBeenCalledTimes(1);
  });

  it('notices it while timers are set all the time, and no more once there is no listener', async () => {
    const clock = realClock();
    const setBack = vi.fn();
    const ignore = clock.onSetBack(setBack);
    for (let step = 0; step < 20; step++) {
      if (step === 5) vi.setSystemTime(Date.now() - hour);
      clock.schedule(Date.now() + 24 * hour, () => {}, 'a job');
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(setBack).toHaveBeenCalledTimes(1);
    ignore();
    vi.setSystemTime(Date.now() - hour);
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(setBack).toHaveBeenCalledTimes(1);
  });

  it('runs due timers within a minute after it was set ahead, and otherwise at their time', async () => {
    const clock = realClock();
    const [soon, late] = [vi.fn(), vi.fn()];
    clock.schedule(Date.now() + 10_000, soon, 'soon');
    clock.schedule(Date.now() + 3 * hour, late, 'late');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(soon).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 4 * hour);
    await vi.advanceTimersByTimeAsync(minute);
    expect(late).toHaveBeenCalledTimes(1);
  });
});
