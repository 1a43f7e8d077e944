import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCsv } from './read-csv.ts';

const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ') });
const written = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

it('a CSV text has the fields that were written, with either end of line and with quotes', () => {
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (records, end, ended) => {
      const text = records.map(fields => fields.map(written).join(',')).join(end) + (ended ? end : '');
      expect([...readCsv(text)].map(({ fields }) => fields)).toEqual(records);
    }),
    { numRuns: 500 },
  );
});

it('any text is read as CSV to its end', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a') }), text => {
      expect([...readCsv(text)].length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ['a,b"c\nd,e', 'bare " in non-quoted field'],
  ['a,"b"c\nd,e', 'extraneous or missing " in quoted field'],
  ['a,"b\nd,e', 'extraneous or missing " in quoted field'],
])('%j is no CSV: %s', (text, fault) => {
  expect([...readCsv(text)][0]).toMatchObject({ fault });
});
