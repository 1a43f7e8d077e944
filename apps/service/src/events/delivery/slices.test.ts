import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { monotonicMs } from '../../clock/index.ts';
import { Slices } from './slices.ts';

/** A clock that only computing moves. */
function clock() {
  let now = 0;
  return {
    monotonic: () => monotonicMs(now),
    spend: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

it('gives the results of every list in its order, one list after the other, for any durations', async () => {
  const lists = fc.array(fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 8 }), {
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(lists, async durations => {
      const { monotonic, spend } = clock();
      const slices = new Slices(monotonic);
      const done: string[] = [];
      const expected = durations.map((list, unit) => list.map((_, index) => `${unit} ${index}`));
      const results = await Promise.all(
        durations.map((list, unit) =>
          slices.map([...list.keys()], index => {
            spend(list[index]!);
            done.push(`${unit} ${index}`);
            return `${unit} ${index}`;
          }),
        ),
      );
      expect(results).toEqual(expected);
      expect(done).toEqual(expected.flat());
    }),
  );
});

it('several units together take no more of a turn of the event loop than a slice and one element', async () => {
  const { monotonic, spend, now } = clock();
  const slices = new Slices(monotonic);
  const work = Promise.all(
    Array.from({ length: 10 }, () =>
      slices.map(
        Array.from({ length: 20 }, () => 0.4),
        spend,
      ),
    ),
  );
  const turns: number[] = [];
  for (let before = 0; before < 80 - 1e-6; before = now()) {
    await turn();
    turns.push(now() - before);
  }
  await work;
  expect(Math.max(...turns)).toBeLessThan(1.4 + 1e-6);
});

it('rejects with what the work throws, and goes on with the next unit', async () => {
  const slices = new Slices(clock().monotonic);
  const failing = slices.map([1], () => {
    throw new Error('There is no answer.');
  });
  await expect(failing).rejects.toThrow('There is no answer.');
  expect(await slices.map([1, 2], element => 2 * element)).toEqual([2, 4]);
});
