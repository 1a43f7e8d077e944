import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemberSet } from './member-set.ts';

it('a member set has the same members as a set of numbers, in ascending order', () => {
  const change = fc.record({ add: fc.boolean(), number: fc.integer({ min: 0, max: 5_000 }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), changes => {
      const members = new MemberSet();
      const model = new Set<number>();
      for (const { add, number } of changes) {
        if (add) members.add(number);
        else members.delete(number);
        if (add) model.add(number);
        else model.delete(number);
      }
      expect([...members]).toEqual([...model].sort((a, b) => a - b));
      expect(members.size).toBe(model.size);
      for (const { number } of changes) expect(members.has(number)).toBe(model.has(number));
    }),
  );
});
