import { expect, it } from 'vitest';
import { withDefaults } from './day-options.ts';

const defaults = { from: '2026-03-01', to: '2026-03-07' };

it('A day that is left out has its default', () => {
  expect(withDefaults({}, defaults)).toEqual(defaults);
  expect(withDefaults({ from: '2026-03-07' }, defaults)).toEqual({ from: '2026-03-07', to: '2026-03-07' });
  expect(withDefaults({ to: '2026-03-01' }, defaults)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
});

it('A day that is given, on the wrong side of the default of the other one, is refused with that default', () => {
  expect(() => withDefaults({ from: '2026-03-08' }, defaults)).toThrow(
    '--from 2026-03-08 is after --to, which is 2026-03-07 by default: set --to as well.',
  );
  expect(() => withDefaults({ to: '2026-02-28' }, defaults)).toThrow(
    '--to 2026-02-28 is before --from, which is 2026-03-01 by default: set --from as well.',
  );
});

it('Days that are both given, and a text that is no day, are left to the API', () => {
  const both = { from: '2026-03-08', to: '2026-03-07' };
  expect(withDefaults(both, defaults)).toEqual(both);
  expect(withDefaults({ from: 'tomorrow' }, defaults)).toEqual({ from: 'tomorrow', to: '2026-03-07' });
});
