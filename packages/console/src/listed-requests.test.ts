import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caughtUp, extended, kept, type Listed } from '../page/src/simulator/listed.ts';

/** The requests with these sequence numbers, the newest first. */
const requests = (newest: number, oldest = 1): Listed =>
  Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => ({
    ...{ sequence: newest - index, at: 0, method: 'POST', path: '/import', route: 'import', status: 200 },
    ...{ verdict: 'accepted', rule: null, faults: [], durationMs: 1, bodyBytes: 2 },
  }));
const summary = (newest: number, count: number) => ({
  count,
  requests: requests(newest, newest - Math.min(count, 30) + 1),
});
const sequences = (list: Listed | undefined) => list?.map(({ sequence }) => sequence);

describe('the list of the requests to a simulator', () => {
  it('is extended by a summary that continues it, or overlaps it', () => {
    expect(extended(requests(5), summary(7, 2))).toEqual(requests(7));
    expect(extended(requests(5), summary(7, 4))).toEqual(requests(7));
    expect(extended(requests(kept), summary(kept + 1, 1))).toEqual(requests(kept + 1, 2));
  });

  it('is read again after a summary that leaves a gap, since it lists only the newest requests or one was missed', () => {
    expect(extended(requests(5), summary(45, 40))).toBeUndefined();
    expect(extended(requests(5), summary(9, 2))).toBeUndefined();
    expect(extended(requests(5), { count: 3, requests: [] })).toBeUndefined();
  });

  it('begins again after a reset', () => expect(extended(requests(100), summary(3, 3))).toEqual(requests(3)));

  it('has what came while it was read, and is read again where there is a gap between the two', () => {
    expect(caughtUp(requests(5), [summary(4, 2), summary(5, 1), summary(7, 2)])).toEqual(requests(7));
    expect(caughtUp(requests(5), [summary(4, 2), summary(45, 40)])).toBeUndefined();
  });

  it('never has a gap, whatever summaries come', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), counts, (start, all) => {
        let newest = start;
        let list: Listed = requests(start, Math.max(1, start - kept + 1));
        for (const each of all) {
          newest += each;
          list = extended(list, summary(newest, each)) ?? list;
          const found = sequences(list) ?? [];
          expect(found).toEqual(found.map((_, index) => (found[0] ?? 0) - index));
          expect(found.length).toBeLessThanOrEqual(kept);
        }
      }),
    );
  });
});
