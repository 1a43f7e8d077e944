import { expect, it } from 'vitest';
import { PlaceholderCounts } from './placeholder-counts.ts';

it('of a flood of different placeholders the first ten are kept and counted further', () => {
  const counts = new PlaceholderCounts();
  for (let number = 0; number < 1_000; number += 1) counts.add(`{{user_${number}}}`, 1);
  const more = new PlaceholderCounts();
  more.add('{{user_0}}', 5);
  counts.addAll(more);
  expect(counts.list()).toHaveLength(10);
  expect(counts.list()[0]).toEqual({ id: '{{user_0}}', events: 6 });
});
