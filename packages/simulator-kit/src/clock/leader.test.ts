import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createClock } from './leader.ts';

const frozen = (start = 0) => createClock({ start, frozen: true });

describe('advance', () => {
  it('runs the timers due up to the target in order, each at its own time, and none after it', async () => {
    const clock = frozen();
    const fired: [string, number][] = [];
    for (const [name, at] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
      ['late', 51],
    ] as const) {
      clock.schedule(at, () => void fired.push([name, clock.now()]));
    }
    await clock.advance(50);
    expect(fired).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 30],
    ]);
    expect([clock.now(), clock.nextDue]).toEqual([50, 51]);
  });

  it('waits for each job, and runs what jobs schedule before the target', async () => {
    const clock = frozen();
    const fired: number[] = [];
    const everyTen = async () => {
      await new Promise(setImmediate);
      fired.push(clock.now());
      clock.schedule(clock.now() + 10, everyTen);
    };
    clock.schedule(10, everyTen);
    await clock.advance(35);
    expect(fired).toEqual([10, 20, 30]);
  });

  it('runs no cancelled timer', async () => {
    const clock = frozen();
    const job = vi.fn();
    clock.schedule(10, job)();
    await clock.advance(20);
    expect(job).not.toHaveBeenCalled();
  });

  it('goes on after a failed job, and reports its name', async () => {
    const sentences: string[] = [];
    const clock = createClock({ start: 0, frozen: true, report: sentence => sentences.push(sentence) });
    const next = vi.fn();
    clock.schedule(10, () => Promise.reject(new Error('no route to host')), 'flush');
    clock.schedule(10, next);
    await clock.advance(10);
    expect(sentences).toEqual(['The scheduled job "flush" failed: no route to host']);
    expect(next).toHaveBeenCalledOnce();
  });

  it('moves timers that ran to what ran, with the error of those that failed', async () => {
    const clock = createClock({ start: 0, frozen: true, report: () => {} });
    clock.schedule(20, () => {}, 'later');
    clock.schedule(10, () => Promise.reject(new Error('no route to host')), 'flush');
    clock.schedule(5, () => {}, 'sync');
    const scheduled = [
      { at: 5, name: 'sync' },
      { at: 10, name: 'flush' },
      { at: 20, name: 'later' },
    ];
    expect(clock.timers()).toEqual({ total: 3, scheduled, ran: [] });
    await clock.advance(15);
    expect(clock.timers()).toEqual({
      total: 1,
      scheduled: [{ at: 20, name: 'later' }],
      ran: [
        { at: 10, name: 'flush', error: 'no route to host' },
        { at: 5, name: 'sync', error: null },
      ],
    });
  });

  it('called twice at once moves twice', async () => {
    const clock = frozen();
    await Promise.all([clock.advance(10), clock.advance(10)]);
    expect(clock.now()).toBe(20);
  });

  it('rejects if work at one moment never ends', async () => {
    const clock = frozen();
    const again = () => void clock.schedule(clock.now(), again);
    clock.schedule(10, again);
    await expect(clock.advance(20)).rejects.toThrow(
      /did not come to rest at 1970-01-01T00:00:00.010Z.*this process/,
    );
    clock.schedule(0, () => {});
    await clock.close();
  });

  it('split in any way runs the same timers as one call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 10 }),
        async (dues, steps) => {
          const total = steps.reduce((sum, step) => sum + step, 0);
          const run = async (moves: number[]) => {
            const clock = frozen();
            const fired: number[][] = [];
            dues.forEach((at, index) => {
              clock.schedule(at, () => void fired.push([index, at, clock.now()]));
            });
            for (const move of moves) await clock.advance(move);
            return { fired, now: clock.now(), next: clock.nextDue };
          };
          expect(await run(steps)).toEqual(await run([total]));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('set', () => {
  it('forward is an advance; back, it runs nothing', async () => {
    const clock = frozen(100);
    const job = vi.fn();
    clock.schedule(150, job);
    await clock.set(50);
    expect([clock.now(), job.mock.calls.length]).toEqual([50, 0]);
    await clock.set(200);
    expect([clock.now(), job.mock.calls.length]).toEqual([200, 1]);
  });
});

describe('a running clock', () => {
  it('follows real time from where it was set, and stands still if frozen', async () => {
    let real = 0;
    const clock = createClock({ start: 1_000, monotonic: () => real });
    real = 250.7;
    expect(clock.now()).toBe(1_250);
    await clock.advance(10_000);
    real = 300;
    expect(clock.now()).toBe(11_299);
    clock.freeze();
    real = 900;
    expect([clock.now(), clock.frozen]).toEqual([11_299, true]);
    clock.unfreeze();
    real = 901;
    expect(clock.now()).toBe(11_300);
    await clock.close();
  });

  it('runs jobs by itself, and advance waits for the running ones', async () => {
    const clock = createClock();
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    let finished = false;
    clock.schedule(clock.now(), async () => {
      started.resolve();
      await gate.promise;
      finished = true;
    });
    await started.promise;
    const advanced = clock.advance(1_000).then(() => finished);
    gate.resolve();
    expect(await advanced).toBe(true);
    await clock.close();
  });
});

it('a frozen clock runs at once what is already due', async () => {
  const clock = frozen(100);
  const fired = Promise.withResolvers<void>();
  clock.schedule(100, fired.resolve);
  await fired.promise;
});
