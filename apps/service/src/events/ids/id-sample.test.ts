import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSample } from './id-sample.ts';

const sampleOf = (ids: Iterable<string>, size: number, seed = 1) => {
  const sample = new IdSample(size, seed);
  for (const id of ids) sample.add(id);
  return sample;
};
const sorted = (sample: IdSample) => sample.list().sort();
const ids = fc.array(fc.string(), { maxLength: 200, size: 'max' });

it('depends on the set of ids alone: not on order, repetition, or the process that saw them', () => {
  fc.assert(
    fc.property(ids, ids, fc.integer({ min: 1, max: 20 }), (some, others, size) => {
      const whole = sampleOf([...some, ...others], size);
      const merged = sampleOf(others.toReversed(), size);
      for (const id of sampleOf([...some, ...some], size).list()) merged.add(id);
      expect(sorted(merged)).toEqual(sorted(whole));
      expect(whole.list()).toHaveLength(Math.min(size, new Set([...some, ...others]).size));
      expect([...some, ...others]).toEqual(expect.arrayContaining(whole.list()));
    }),
  );
});

it('takes ids of all parts alike, and other ones with another seed', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => `user-${at}`);
  const first = sampleOf(many, 400, 1);
  const early = first.list().filter(id => Number(id.slice(5)) < 10_000).length;
  expect(early).toBeGreaterThan(150);
  expect(early).toBeLessThan(250);
  const second = new Set(sampleOf(many, 400, 2).list());
  expect(first.list().filter(id => second.has(id)).length).toBeLessThan(40);
});

it.each([0, 7, 199])('counts %s ids exactly while they fit', count => {
  expect(
    sampleOf(
      Array.from({ length: count }, (_, at) => `u${at}`),
      200,
    ).distinct,
  ).toBe(count);
});

it('estimates the number of more ids within a quarter', () => {
  const { distinct } = sampleOf(
    Array.from({ length: 50_000 }, (_, at) => `u${at % 25_000}`),
    200,
  );
  expect(Math.abs(distinct - 25_000)).toBeLessThan(6_250);
});
