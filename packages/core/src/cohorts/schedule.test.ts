import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDue, planQueries } from './schedule.ts';

const hour = 3_600_000;

describe('the next run of a periodic job', () => {
  it('is the first time of the schedule after now, so that missed runs catch up once', () => {
    expect(nextDue(0, 2 * hour, 0)).toBe(2 * hour);
    expect(nextDue(0, 2 * hour, 2 * hour - 1)).toBe(2 * hour);
    expect(nextDue(0, 2 * hour, 7 * hour)).toBe(8 * hour);
  });

  it('is after now, on schedule and within one interval, even if the anchor is in the future', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1 }), fc.integer(), (anchor, interval, passed) => {
        const due = nextDue(anchor, interval, anchor + passed);
        expect(due).toBeGreaterThan(anchor + passed);
        expect(due - (anchor + passed)).toBeLessThanOrEqual(interval);
        expect(Math.abs((due - anchor) % interval)).toBe(0);
      }),
    );
  });
});

describe('the budget of the query API', () => {
  it('accepts a schedule that fits, with the arithmetic', () => {
    const plan = planQueries([{ id: '12345', members: 50_000, intervalMs: 2 * hour }]);
    expect(plan.possible).toBe(true);
    expect(plan.sentence).toBe(
      'cohort 12345: 50000 members = 52 queries (1 list + 51 pages of 1000) every 2 h. Together 26 queries an hour, within the budget of 60.',
    );
  });

  it('uses the singular for one, and intervals in the unit that they are set in', () => {
    const minutes = planQueries([{ id: '1', members: 1, intervalMs: 5 * 60_000 }]);
    expect(minutes.sentence).toBe(
      'cohort 1: 1 member = 2 queries (1 list + 1 page of 1000) every 5 min. Together 24 queries an hour, within the budget of 60.',
    );
    expect(planQueries([{ id: '1', members: 0, intervalMs: 90 * 60_000 }]).sentence).toContain(
      'every 90 min.',
    );
    expect(planQueries([{ id: '1', members: 0, intervalMs: 90_000 }]).sentence).toContain('every 90 s.');
    expect(planQueries([{ id: '1', members: 0, intervalMs: 2 * hour }]).sentence).toContain(
      'Together 1 query an hour',
    );
  });

  it('rejects a schedule that does not fit, with the arithmetic', () => {
    const plan = planQueries([
      { id: '1', members: 100_000, intervalMs: 2 * hour },
      { id: '2', members: 30_000, intervalMs: 2 * hour },
    ]);
    expect(plan.possible).toBe(false);
    expect(plan.sentence).toContain('Together 67 queries an hour, over the budget of 60.');
  });
});
