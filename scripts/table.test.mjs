import { expect, it } from 'vitest';
import { tableOf } from './table.mjs';

it('A table has one line for each record, with aligned columns and no quotes', () => {
  const rows = [
    { package: 'core', bytes: 183_815 },
    { package: 'simulator-kit', bytes: 12 },
  ];
  expect(tableOf(rows).split('\n')).toEqual([
    'package          bytes',
    'core           183,815',
    'simulator-kit       12',
  ]);
});
