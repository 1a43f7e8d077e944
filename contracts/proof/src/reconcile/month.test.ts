import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { faults, rowDay } from './faults.ts';
import type { ReportedRow } from './month.ts';
import { runMonth } from './run-month.ts';

const types = [...faults.map(({ type }) => type), 'users.behaviors.CustomEvent'];
/** Types that belong to no campaign or Canvas: a custom event and a purchase. */
const withoutMessage = 2;
const seed = seedOf(process.env);
/** Printed with a failure, to repeat it. */
const repeat = `repeat with PROOF_SEED=${seed}`;

/** Events of a row by cause or reason, without signs; late ones, and those unexplained. */
function found({ steps, late, unexplained }: ReportedRow): Record<string, number> {
  const causes = steps.flatMap(step =>
    step.causes.map(each => [each.reason ?? each.cause, Math.abs(each.events)]),
  );
  const rest = { unexplained, late: late.events ?? 0 };
  return Object.fromEntries([...causes, ...Object.entries(rest)].filter(([, events]) => events !== 0));
}

/** What comes with a cause: its other side. */
const alongside: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ...{ resent_by_braze: { repeated: 1 }, sent_again: { repeated: 1 } },
  day_boundary: { late: 1 },
};

it('finds each seeded kind of loss, doubling and delay in a simulated month, and names it', async () => {
  const { report, emitted } = await runMonth(seed, faults, types);
  expect(report.notKnown, repeat).toEqual([]);
  const rows = new Map(report.rows.map(row => [`${row.day} ${row.event}`, row]));
  const expected = new Map<string, Record<string, number>>();
  for (const [fault, days] of emitted)
    for (const [day, events] of days) {
      const count = fault.counts?.(events) ?? events;
      const key = `${rowDay(fault, day)} ${fault.event}`;
      const others = fault.alongside ?? alongside[fault.expected] ?? {};
      const more = Object.entries(others).map(([cause, times]) => [cause, times * count]);
      expected.set(key, { [fault.expected]: count, ...Object.fromEntries(more) });
    }
  const named = Object.fromEntries(
    [...expected.keys()].map(key => [key, rows.has(key) ? found(rows.get(key)!) : {}]),
  );
  expect(named, repeat).toEqual(Object.fromEntries(expected));
  const unexplained = [...expected].filter(([, causes]) => 'unexplained' in causes).map(([key]) => key);
  expect(report.findings.toSorted(), repeat).toEqual(unexplained.toSorted());
}, 60_000);

it('has no finding, no cause and nothing unexplained in a month without a fault, and equal columns of its campaign and Canvas', async () => {
  const { report } = await runMonth(seed, [], types);
  expect(report.notKnown, repeat).toEqual([]);
  expect(report.findings, repeat).toEqual([]);
  expect(
    report.rows.filter(row => Object.keys(found(row)).length > 0),
    repeat,
  ).toEqual([]);
  expect(report.rows, repeat).toHaveLength(30 * types.length);
  const { messages } = report;
  expect(new Set(messages.map(({ event }) => event)).size, repeat).toBe(types.length - withoutMessage);
  const differing = messages.filter(({ columns }) => {
    const [first, ...others] = Object.values(columns).map(({ events }) => events);
    return first === undefined || others.some(events => events !== first);
  });
  expect(differing, repeat).toEqual([]);
}, 60_000);

it('names both time zones that are wrong in the settings, with their offsets, and nothing else', async () => {
  const some = ['users.messages.email.Send', 'users.messages.email.Open', 'users.behaviors.CustomEvent'];
  const { report } = await runMonth(seed, [], some, {
    environment: { BRAZE_TIMEZONE: '', MIXPANEL_PROJECT_TIMEZONE: '' },
    projectZone: 'Asia/Tokyo',
  });
  expect(report.notKnown, repeat).toEqual([]);
  expect(report.findings, repeat).toEqual([]);
  expect(report.unexplained, repeat).toBe(0);
  const causes = report.rows.flatMap(({ steps }) => steps.flatMap(step => step.causes));
  const named = new Set(causes.map(({ cause, reason }) => `${cause} ${reason}`));
  expect([...named].toSorted(), repeat).toEqual([
    'company_day_boundary UTC+05:30',
    'project_day_boundary UTC+09:00',
  ]);
}, 60_000);
