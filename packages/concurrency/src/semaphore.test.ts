import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Semaphore } from './semaphore.ts';

it('a semaphore runs each task once, in order, with at most `permits` at a time, and failed tasks release their permit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      fc.scheduler(),
      async (atOnce, failures, scheduler) => {
        const semaphore = new Semaphore(atOnce);
        let inside = 0;
        const entered: number[] = [];
        const all = failures.map((fails, index) =>
          semaphore.run(async () => {
            entered.push(index);
            expect(++inside).toBeLessThanOrEqual(atOnce);
            await scheduler.schedule(Promise.resolve());
            inside--;
            if (fails) throw new Error('work failed');
          }),
        );
        const settled = Promise.allSettled(all);
        await scheduler.waitFor(settled);
        expect(entered).toEqual(failures.map((_, index) => index));
        expect((await settled).map(({ status }) => status === 'rejected')).toEqual(failures);
      },
    ),
  );
});
