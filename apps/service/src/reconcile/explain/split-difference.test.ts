import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Claim, splitDifference } from './split-difference.ts';

const claims = fc.array(
  fc.record({
    cause: fc.constantFrom('skipped', 'sent_again', 'second_sender', 'machine_opens'),
    events: fc.integer({ min: -1_000, max: 1_000 }),
    how: fc.constantFrom('counted', 'up_to', 'all_or_none'),
  }) as fc.Arbitrary<Claim>,
);

it('splits every difference into parts that add up to it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 10_000 }), claims, (difference, given) => {
      const { causes, unexplained } = splitDifference(difference, given);
      expect(causes.reduce((sum, { events }) => sum + events, unexplained)).toBe(difference);
    }),
  );
});

it('leaves no more unexplained than the difference, and nothing of the other sign, without counted claims', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 10_000 }), claims, (difference, given) => {
      const { unexplained } = splitDifference(
        difference,
        given.filter(({ how }) => how !== 'counted'),
      );
      expect(Math.abs(unexplained)).toBeLessThanOrEqual(Math.abs(difference));
      expect(unexplained * difference).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('subtracts counted claims first, and takes a claim of all or none for the exact rest alone', () => {
  const opens = { cause: 'machine_opens', events: -7, how: 'all_or_none' } as const;
  const skipped = { cause: 'skipped', reason: 'excluded', events: -3, how: 'counted' } as const;
  expect(splitDifference(-10, [opens, skipped])).toEqual({
    difference: -10,
    causes: [
      { cause: 'skipped', reason: 'excluded', events: -3 },
      { cause: 'machine_opens', events: -7 },
    ],
    unexplained: 0,
  });
  expect(splitDifference(-11, [opens, skipped]).unexplained).toBe(-8);
});
