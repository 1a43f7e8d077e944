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

it('keeps a forgotten id out of every summary that is merged into it, and no other', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), fc.string(), (ids, others, id) => {
      const summary = of([...ids, id]);
      summary.forget(id);
      const stored = IdSummary.parse(summary.toText(), day);
      stored.merge(of([...others, id]));
      const left = new Set([...ids, ...others].filter(each => each !== id));
      expect(new Set(Object.keys(contents(stored).counts))).toEqual(left);
      expect(new Set(stored.sample)).toEqual(left);
    }),
  );
});

it('keeps the digests of the newest 1,000 forgotten ids, and no forgotten id', () => {
  const summary = of(['user-1500', 'ada']);
  for (let at = 0; at <= 1_500; at++) summary.forget(`user-${at}`);
  const text = summary.toText();
  expect(text).not.toContain('user-');
  const digest = (id: string) => createHash('sha256').update(id).digest('hex');
  expect([text.includes(digest('user-500')), text.includes(digest('user-501'))]).toEqual([false, true]);
});

it('stays small for any number of ids', () => {
  const summary = of(Array.from({ length: 100_000 }, (_, at) => `user-${at}`));
  expect(Object.keys(contents(summary).counts).length).toBeLessThanOrEqual(2_000);
  expect(summary.sample).toHaveLength(200);
  expect(summary.error).toBeLessThanOrEqual(100);
});
