import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { longest } from '../vitest.order.ts';

describe('the long test files that start first', () => {
  it.each(longest)('%s exists', pattern => {
    expect(globSync(pattern)).not.toEqual([]);
  });
});
