import type { VendorDeletion } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deletionTimes } from './deletion.ts';
import { nextOf, turnOf } from './turn.ts';

interface Row {
  readonly state: VendorDeletion['state'];
  readonly dueAt: number;
}

const start = 1e12;
const seconds = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map(count => start + count * 1_000);
const rows = fc.array(
  fc.record<Row>({
    state: fc.constantFrom('waiting', 'asking', 'followed'),
    dueAt: fc.oneof(seconds(-100_000, 0), seconds(-20, 60), seconds(-43_220, -43_140)),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Of each state the row that is due first, as storage has it. */
const firstOfEach = (all: readonly Row[]) => [
  ...new Map(all.toSorted((one, other) => other.dueAt - one.dueAt).map(row => [row.state, row])).values(),
];

it('the deletion that is next is due and has the earliest turn of all, and each has its turn', () => {
  fc.assert(
    fc.property(rows, all => {
      let open = all;
      for (let now = start; open.length > 0; now += 1_000) {
        // No second passes without one while any is due.
        expect(now).toBeLessThan(start + (all.length + 62) * 1_000);
        const due = open.filter(({ dueAt }) => dueAt <= now);
        const next = nextOf(firstOfEach(open), now)!;
        if (due.length === 0) {
          expect(next.dueAt).toBe(Math.min(...open.map(({ dueAt }) => dueAt)));
          continue;
        }
        expect(due).toContain(next);
        expect(turnOf(next)).toBe(Math.min(...due.map(turnOf)));
        if (next.state === 'followed')
          for (const { state, dueAt } of due)
            expect(state === 'followed' || dueAt >= next.dueAt + deletionTimes.patience).toBe(true);
        open = open.filter(row => row !== next);
      }
    }),
  );
});

it('a look has its turn although a new request comes each second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), (left, before) => {
      const look: Row = { state: 'followed', dueAt: start - deletionTimes.patience + left * 1_000 };
      const requests = Array.from({ length: before }, (): Row => ({ state: 'waiting', dueAt: start - 1 }));
      let now = start;
      while (nextOf([look, requests[0]!].filter(Boolean), now) !== look) {
        requests.shift();
        now += 1_000;
        requests.push({ state: 'waiting', dueAt: now });
      }
      // After the requests before its turn.
      expect(now - start).toBeLessThanOrEqual((left + before + 1) * 1_000);
    }),
  );
});
