import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detailText } from './audit.ts';

it('an entry of the audit log is in words, with the names of the records that a value is in', () => {
  expect(
    detailText({
      ...{ connection: 'default', ids: [1_234, 1_235], released: 12_345, dryRun: false, receipt: null },
      cohorts: { syncs: 2, stillInMixpanel: [], unmatchedBecause: { noId: 1 } },
      fix: [{ set: 'time' }, { remove: 'properties.a' }],
    }),
  ).toBe(
    'connection: default; IDs: 1234, 1235; released: 12,345; dry run: no; receipt: none; ' +
      'cohorts, syncs: 2; cohorts, still in Mixpanel: none; cohorts, unmatched because, no ID: 1; ' +
      'fix: (set: time), (remove: properties.a)',
  );
  expect(detailText({})).toBe('-');
});

it('has every name and text of an entry, and no JSON', () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const value = fc.oneof(word, fc.integer(), fc.boolean(), fc.array(word, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.dictionary(word, fc.oneof(value, fc.dictionary(word, value))), detail => {
      const text = detailText(detail);
      for (const each of JSON.stringify(detail).match(/(?<=")[a-z]+(?=")/g) ?? [])
        if (!/^(braze|mixpanel|ids?)$/.test(each)) expect(text.toLowerCase()).toContain(each);
      expect(text).not.toMatch(/[{}[\]"]/);
    }),
  );
});
