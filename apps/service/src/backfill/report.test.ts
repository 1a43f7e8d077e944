import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addAccepted, addFault, emptyReport, parseReport } from './report.ts';

it('A report stays small with any paths, messages and event types, and keeps both ends of a long one', () => {
  const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
  const text = fc.tuple(part, fc.nat(300)).map(([each, times]) => each.repeat(times));
  const fault = fc.record({ path: text, offset: fc.nat(), message: text });
  fc.assert(
    fc.property(
      fc.array(fault, { minLength: 90, maxLength: 120 }),
      fc.array(text, { maxLength: 220 }),
      (faults, types) => {
        const report = emptyReport();
        for (const each of faults) addFault(report, each);
        for (const each of types) addAccepted(report, each, 1);
        expect(report.faults.count).toBe(faults.length);
        expect(report.events.accepted).toBe(types.length);
        for (const { path, message } of report.faults.shown) {
          expect(path.length).toBeLessThanOrEqual(400);
          expect(message.length).toBeLessThanOrEqual(600);
        }
        for (const type of Object.keys(report.byType)) expect(type.length).toBeLessThanOrEqual(200);
        expect(parseReport(JSON.stringify(report))).toEqual(report);
      },
    ),
    { numRuns: 10 },
  );
  const report = emptyReport();
  addFault(report, { path: `a/${'x'.repeat(1_000)}/z.avro`, offset: 0, message: 'It ends.' });
  expect(report.faults.shown).toMatchObject([
    { path: expect.stringMatching(/^a\/x+…x+\/z\.avro$/), message: 'It ends.' },
  ]);
});

it('A report counts event types that are named as what every object has', () => {
  const report = emptyReport();
  for (const type of ['toString', '__proto__', 'constructor', 'toString']) addAccepted(report, type, 1);
  expect(Object.entries(report.byType)).toEqual([
    ['toString', 2],
    ['other', 1],
    ['constructor', 1],
  ]);
  expect(parseReport(JSON.stringify(report))).toEqual(report);
});
