import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acquireQuery,
  filterQueue,
  type QueryQueue,
  type QueryRequest,
  takeFromBudget,
} from './query-queue.ts';

const windowMs = 1_000;

describe('a budget of uses', () => {
  it('never grants more uses than its limit in any window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 60 }), steps => {
        const granted: number[] = [];
        let uses: readonly number[] = [];
        let now = 0;
        for (const passed of steps) {
          now += passed;
          const answer = takeFromBudget(uses, now, { limit: 3, windowMs });
          uses = answer.uses;
          if (answer.granted) granted.push(now);
          else {
            expect(answer.freeAt).toBeGreaterThan(now);
            expect(takeFromBudget(uses, answer.freeAt, { limit: 3, windowMs }).granted).toBe(true);
          }
        }
        for (const at of granted)
          expect(granted.filter(other => other > at - windowMs && other <= at).length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('is available again one window after a clock that was ahead is set back, however far ahead it was', () => {
    const uses = [90_000, 90_000, 90_000];
    const answer = takeFromBudget(uses, 5_000, { limit: 3, windowMs });
    expect(answer).toEqual({ granted: false, uses: [5_000, 5_000, 5_000], freeAt: 6_000 });
  });
});

class Line {
  now = 0;
  queue: QueryQueue = { uses: [], line: [] };
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  take(request: QueryRequest) {
    const { queue, ...grant } = acquireQuery(this.queue, request, this.now, { limit: this.limit, windowMs });
    this.queue = queue;
    return grant;
  }
}

describe('the queue of the syncs that wait for a query', () => {
  it('is served in the order of arrival, and an available query is reserved for its first', () => {
    const line = new Line(2);
    line.take({});
    line.now = 500;
    line.take({});
    expect(line.take({ sync: 'a' })).toEqual({ granted: false, freeAt: 1_000 });
    expect(line.take({ sync: 'b' })).toEqual({ granted: false, freeAt: 1_500 });
    line.now = 1_000;
    expect(line.take({ sync: 'c' }).granted).toBe(false);
    expect(line.take({ sync: 'b' }).granted).toBe(false);
    expect(line.take({}).granted).toBe(false);
    expect(line.take({ sync: 'a' }).granted).toBe(true);
    expect(line.take({ sync: 'a' }).granted).toBe(false);
    expect(line.queue.line.map(({ sync }) => sync)).toEqual(['b', 'c', 'a']);
  });

  it('keeps the place of a sync until its whole need is served, if it requests that', () => {
    const line = new Line(3);
    line.take({});
    expect(line.take({ sync: 'whole', need: 3, keeps: true }).granted).toBe(false);
    expect(line.take({ sync: 'other' }).granted).toBe(false);
    line.now = 1_000;
    for (let page = 0; page < 3; page++) {
      expect(line.take({ sync: 'other' }).granted).toBe(false);
      expect(line.take({ sync: 'whole' }).granted).toBe(true);
    }
    expect(line.queue.line.map(({ sync }) => sync)).toEqual(['other']);
  });

  it('loses the syncs that no longer wait', () => {
    const line = new Line(1);
    for (const sync of ['a', 'b', 'c']) line.take({ sync });
    expect(filterQueue(line.queue, sync => sync !== 'b').line.map(({ sync }) => sync)).toEqual(['c']);
  });

  it('serves every reading to its end, in any order of attempts, while new ones arrive', () => {
    const readings = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        readings,
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.nat(1_000)),
        fc.boolean(),
        (pages, limit, chance, whole) => {
          const line = new Line(limit);
          const left = [...pages];
          const wakes = left.map(() => 0);
          const total = pages.reduce((sum, each) => sum + each, 0);
          const grants: number[] = [];
          const patience = (Math.ceil(total / limit) * (whole ? 2 : 1) + 2) * windowMs;
          const use = (request: QueryRequest) => {
            const grant = line.take(request);
            if (grant.granted) grants.push(line.now);
            return grant;
          };
          while (left.some(each => each > 0)) {
            line.now = Math.min(...wakes.filter((_, reading) => left[reading]! > 0));
            expect(line.now).toBeLessThanOrEqual(patience);
            const due = left.flatMap((each, reading) =>
              each > 0 && wakes[reading]! <= line.now ? [reading] : [],
            );
            // The quicker of them asks first, and as often as it likes.
            due.sort(() => (chance.next().value % 2 === 0 ? 1 : -1));
            for (const reading of due) {
              const sync = `reading ${reading}`;
              while (left[reading]! > 0) {
                const begins = whole && left[reading] === pages[reading];
                const grant = use({ sync, ...(begins && { need: pages[reading]!, keeps: true }) });
                if (!grant.granted) {
                  wakes[reading] = grant.freeAt;
                  break;
                }
                left[reading]! -= 1;
              }
            }
            // A request without a place in the queue gets only what no other sync waits for.
            if (line.queue.line.length > 0 && line.queue.uses.length >= limit)
              expect(use({}).granted).toBe(false);
          }
          for (const at of grants)
            expect(grants.filter(other => other > at - windowMs && other <= at).length).toBeLessThanOrEqual(
              limit,
            );
        },
      ),
      { numRuns: 300 },
    );
  });
});
