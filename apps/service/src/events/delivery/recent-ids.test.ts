import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentIds } from './recent-ids.ts';

it('An ID is recognised until as many newer ones came as are remembered, or it was removed', () => {
  const ids = new RecentIds(3);
  expect(['a', 'b', 'a', 'c'].map(id => ids.add(id))).toEqual([true, true, false, true]);
  ids.remove('b');
  expect(ids.add('b')).toBe(true);
  expect(ids.add('d')).toBe(true);
  expect(ids.add('c')).toBe(false);
  expect(ids.add('a')).toBe(true);
});

it('Of any IDs and removals, those that stay are the newest, in the order in which they came', () => {
  const id = fc.constantFrom(...'abcdef');
  const step = fc.record({ id, removed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const ids = new RecentIds(3);
      let kept: string[] = [];
      for (const { id, removed } of steps)
        if (removed) {
          ids.remove(id);
          kept = kept.filter(each => each !== id);
        } else {
          expect(ids.add(id)).toBe(!kept.includes(id));
          if (!kept.includes(id)) kept = [...kept, id].slice(-3);
        }
    }),
  );
});
