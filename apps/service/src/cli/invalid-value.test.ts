import { expect, it } from 'vitest';
import { cohortVerbs } from '../cohorts/index.ts';
import { compareEndpoints } from '../http/compare-routes.ts';
import { costEndpoints } from '../http/cost-routes.ts';
import { reconcileEndpoints } from '../http/reconcile-routes.ts';
import { invalidValue } from './invalid-value.ts';

const schemas = {
  reconcile: reconcileEndpoints.begin.body,
  compare: compareEndpoints.compare.query,
  cost: costEndpoints.cost.query,
  'cohorts cost': cohortVerbs.cost.route.query,
};

it.each(Object.entries(schemas))('%s: days in the wrong order are not called invalid days', (_, schema) => {
  expect(invalidValue(schema, { from: '2026-11-27', to: '2026-11-20' })).toBe(
    '--to is 2026-11-20, which is before --from, 2026-11-27. Exchange them, or choose another day.',
  );
  expect(invalidValue(schema, { from: '2026-11-20', to: '2026-11-20' })).toBeUndefined();
  expect(invalidValue(schema, { from: '2026-11-20', to: '2026-11-31' })).toBe(
    '--to is "2026-11-31"; expected a day such as 2026-01-31.',
  );
});

it.each([
  ['reconcile', '2026-11-05', 31],
  ['compare', '2026-11-05', 31],
  ['cost', '2028-11-05', 400],
  ['cohorts cost', '9999-01-01', 400],
] as const)('%s: too many days are refused with the maximum', (command, to, most) => {
  expect(invalidValue(schemas[command], { from: '2026-10-01', to })).toBe(
    `--from 2026-10-01 and --to ${to} are too far apart; expected at most ${most} days.`,
  );
});
