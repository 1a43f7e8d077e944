import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SerialQueue } from './serial-queue.ts';

it('a serial queue runs one task at a time, in order, and continues after a failed one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 20 }),
      fc.scheduler(),
      async (failures, scheduler) => {
        const queue = new SerialQueue();
        const log: string[] = [];
        const all = failures.map((fails, index) =>
          queue.run(async () => {
            log.push(`begin ${index}`);
            await scheduler.schedule(Promise.resolve());
            log.push(`end ${index}`);
            if (fails) throw new Error(`work ${index} failed`);
            return index;
          }),
        );
        const settled = Promise.allSettled(all);
        await scheduler.waitFor(settled);
        expect(log).toEqual(failures.flatMap((_, index) => [`begin ${index}`, `end ${index}`]));
        expect(await settled).toEqual(
          failures.map((fails, value) =>
            fails
              ? { status: 'rejected', reason: new Error(`work ${value} failed`) }
              : { status: 'fulfilled', value },
          ),
        );
      },
    ),
  );
});

it('a serial queue is idle when all tasks added so far have settled, including failed ones', async () => {
  const queue = new SerialQueue();
  const gate = Promise.withResolvers<void>();
  const work = queue.run(() => gate.promise);
  let idle = false;
  const waiting = queue.idle().then(() => {
    idle = true;
  });
  await Promise.resolve();
  expect(idle).toBe(false);
  gate.reject(new Error('the work failed'));
  await expect(work).rejects.toThrow('the work failed');
  await waiting;
  expect(idle).toBe(true);
});

it('a serial queue never starts a task synchronously', () => {
  let began = false;
  void new SerialQueue().run(async () => {
    began = true;
  });
  expect(began).toBe(false);
});
