import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DayIds } from './day-ids.ts';

const names = ['Email Open'];
const event = fc.record({
  insertId: fc.nat(30).map(String),
  time: fc.nat(3),
  distinctId: fc.constantFrom('', 'a', 'b'),
});

it('An event is present exactly if Mixpanel has its ID, and otherwise missing unless another sender brought it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(event, { selector: each => each.insertId }),
      fc.array(event),
      (inFiles, inMixpanel) => {
        const ids = new DayIds('2026-01-01', 2 ** 12);
        for (const each of inFiles) ids.addOfFile(each);
        for (const each of inMixpanel) ids.addOfMixpanel({ ...each, event: names[0]! });
        const known = new Set(inFiles.map(({ insertId }) => insertId));
        for (const each of inFiles) {
          const isThere = inMixpanel.some(({ insertId }) => insertId === each.insertId);
          const isForeign = inMixpanel.some(
            other =>
              !known.has(other.insertId) &&
              other.time === each.time &&
              other.distinctId === each.distinctId &&
              each.distinctId !== '',
          );
          const expected = isThere ? 'present' : isForeign ? 'underAnotherId' : 'missing';
          expect(ids.find({ ...each, names })).toBe(expected);
          expect(ids.find({ ...each, names })).toBe('copies');
        }
      },
    ),
  );
});

it('More events than fit into memory are refused with the day and what to do', () => {
  const ids = new DayIds('2026-01-01', 2 ** 12);
  const add = () => {
    for (let index = 0; index < 2 ** 12; index += 1) ids.addOfFile({ insertId: String(index) });
  };
  expect(add).toThrow(/^2026-01-01 has more events than fit into memory\. Choose some .*--events/);
});
