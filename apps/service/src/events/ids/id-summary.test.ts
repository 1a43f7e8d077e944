import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSummary } from './id-summary.ts';

const day = 20_484;
const of = (ids: Iterable<string>) => {
  const summary = new IdSummary(day);
  for (const id of ids) summary.add(id);
  return summary;
};
const contents = (summary: IdSummary) => ({
  ...{ events: summary.events, ids: summary.ids, error: summary.error },
  counts: Object.fromEntries(summary.heaviest(9_999)),
  sample: summary.sample.sort(),
});

it('is the same after it was stored, for ids of any characters', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), ids => {
      const summary = of(ids);
      const text = summary.toText();
      expect(text).toMatch(/^[\0-\x7f]*$/);
      expect(contents(IdSummary.parse(text, day))).toEqual(contents(summary));
    }),
  );
});

it('is without the ids that are removed, and with all others', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), fc.string(), (ids, others, id) => {
      const summary = of([...ids, id]);
      summary.merge(of([...others, id]));
      summary.remove(each => each === id);
      const left = new Set([...ids, ...others].filter(each => each !== id));
      expect(new Set(Object.keys(contents(summary).counts))).toEqual(left);
      expect(new Set(summary.sample)).toEqual(left);
      expect(summary.events).toBe(ids.length + others.length + 2);
    }),
  );
});

it('drops the digests of ids that a version before stored, and is readable for that version', () => {
  const forgotten = createHash('sha256').update('ada').digest('hex');
  const before = { events: 1, error: 0, counts: [['grace', 1]], sample: ['grace'], forgotten: [forgotten] };
  const summary = IdSummary.parse(JSON.stringify(before), day);
  expect(JSON.parse(summary.toText())).toEqual({ ...before, forgotten: [] });
});

it('stays small for any number of ids', () => {
  const summary = of(Array.from({ length: 100_000 }, (_, at) => `user-${at}`));
  expect(Object.keys(contents(summary).counts).length).toBeLessThanOrEqual(2_000);
  expect(summary.sample).toHaveLength(200);
  expect(summary.error).toBeLessThanOrEqual(100);
});
