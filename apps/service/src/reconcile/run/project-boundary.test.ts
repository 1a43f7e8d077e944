import { describe, expect, it } from 'vitest';
import { dayAt } from '../../events/delivery/outcome-tally.ts';
import { compareDays } from '../difference.ts';
import { ExportTally } from '../export-tally.ts';
import { QuarterCounts } from '../quarter-counts.ts';
import { daysBetween } from './own-facts.ts';
import { projectBoundary } from './project-boundary.ts';

const event = 'Email Send';
const days = daysBetween('2026-03-01', '2026-03-06');
const hours = [1, 3, 9, 14, 20, 23];
/** By the last digit of a day. */
const perHour = [0, 3, 12, 6, 18, 9, 15, 4, 7];

/** Days of six hours with events, whose export is so many seconds off, and lacks some of them. */
function compared(shift: number, isLost: (day: string, hour: number) => boolean = () => false) {
  const tally = new ExportTally();
  const quarters = { unique: new QuarterCounts(), copies: new QuarterCounts() };
  const counts = new Map<string, number>();
  for (const day of daysBetween('2026-02-28', '2026-03-07'))
    for (const hour of hours)
      for (let each = 0; each < perHour[Number(day.slice(-1))]!; each += 1) {
        const time = Date.parse(day) / 1_000 + hour * 3_600 + 600;
        const exported = time + shift;
        if (days.includes(day)) counts.set(day, (counts.get(day) ?? 0) + 1);
        if (isLost(day, hour) || !days.includes(dayAt(exported))) continue;
        const id = `${day} ${hour} ${each}`;
        tally.add({ event, time: exported, distinctId: id, insertId: id });
        quarters.unique.add(event, exported);
      }
  const ours = [...counts].map(([day, count]) => ({ day, event, count }));
  const boundary = projectBoundary('Asia/Kolkata', days, ours, tally.counts(), quarters);
  const now = Date.parse('2026-03-20');
  const most = ({ day }: { day: string }) => counts.get(day) ?? 0;
  const rows = compareDays(ours, tally.counts(), { shadow: false, now, most, boundary });
  return { boundary, why: Object.fromEntries(rows.map(each => [each.day, each.why])) };
}

describe('a comparison with a project whose time zone', () => {
  it('is right names no other one, also where events are lost', () => {
    expect(compared(0).boundary).toBeUndefined();
    const lossy = compared(0, (day, hour) => day === '2026-03-03' && hour === 9);
    expect(lossy.boundary).toBeUndefined();
    expect(lossy.why['2026-03-03']).toEqual(['missing']);
  });

  it('is UTC and not Asia/Kolkata has events on other days for that reason alone', () => {
    const { boundary, why } = compared(-19_800);
    expect(boundary!.offset).toMatch(/^UTC[+-]0.:.. to UTC[+-]0.:..$/);
    expect(why).toEqual(Object.fromEntries(days.map(day => [day, ['project_day_boundary']])));
  });

  it('is wrong has the loss of a day as a further reason, on that day alone', () => {
    const { why } = compared(-19_800, (day, hour) => day === '2026-03-04' && hour === 14);
    const expected = Object.fromEntries(days.map(day => [day, ['project_day_boundary']]));
    expect(why).toEqual({ ...expected, '2026-03-04': ['project_day_boundary', 'missing'] });
  });
});
