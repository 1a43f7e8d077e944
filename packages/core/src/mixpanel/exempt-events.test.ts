import { expect, it } from 'vitest';
import { catalogue2022_06, catalogue2026_07 } from '../currents/index.ts';
import { billingOf } from './index.ts';

it('Mixpanel bills an event whose name differs from an exempt one by its letter case', () => {
  expect(billingOf('SMS Send to Carrier')).toEqual({ kind: 'exempt' });
  expect(billingOf('SMS Send To Carrier')).toEqual({
    kind: 'spelled_differently',
    exemptAs: 'SMS Send to Carrier',
  });
  expect(billingOf('Email Open')).toEqual({ kind: 'billed' });
});

it('the catalogue of 2022-06 spells all exempt names but one exactly', () => {
  const names = catalogue2022_06.entries.map(({ name }) => name);
  expect(names.filter(name => billingOf(name).kind === 'exempt')).toHaveLength(14);
  expect(names.filter(name => billingOf(name).kind === 'spelled_differently')).toEqual([
    'SMS Send To Carrier',
  ]);
});

it('the catalogue of 2026-07 has no name that differs from an exempt one by its letter case alone', () => {
  const kinds = catalogue2026_07.entries.map(({ name }) => billingOf(name).kind);
  expect(kinds).not.toContain('spelled_differently');
});
