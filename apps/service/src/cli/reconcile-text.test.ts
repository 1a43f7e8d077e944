import { expect, it } from 'vitest';
import { type Cause, causes, type StepName } from '../reconcile/explain/causes.ts';
import type { Row } from '../reconcile/explain/explain-row.ts';
import type { Report } from '../reconcile/run/report.ts';
import { reconcileText } from './reconcile-text.ts';

const events = (count: number) => ({ events: count });
/** A row with one difference of three events, which a cause explains or none does. */
function row(event: string, { day = '2026-03-01', cause, reason, count = -3 }: RowOptions = {}): Row {
  const columns = Object.fromEntries(
    [
      ...['braze', 'received', 'accepted', 'skipped', 'dead', 'waiting', 'held', 'imported'],
      ...['mixpanelRaw', 'mixpanelUnique', 'mixpanelShown'],
    ].map(name => [name, events(name.startsWith('mixpanel') ? 1_234_567 + count : 1_234_567)]),
  ) as Row['columns'];
  const step: StepName = 'imported_to_raw';
  const unexplained = cause === undefined ? count : 0;
  const causes =
    cause === undefined ? [] : [{ cause, ...(reason !== undefined && { reason }), events: count }];
  return {
    ...{ day, event, columns, late: events(0), unexplained: Math.abs(unexplained) },
    steps: [{ step, difference: count, causes, unexplained }],
  };
}
interface RowOptions {
  readonly day?: string;
  readonly cause?: Cause;
  readonly reason?: string | undefined;
  readonly count?: number;
}

const report = (rows: Row[], changes: Partial<Report> = {}): Report => ({
  ...{ connection: 'default', from: '2026-03-01', to: '2026-03-02', threshold: 1, events: 9 },
  ...{ unexplained: 0, findings: [], openDays: [], notKnown: [], rows, messages: [], messagesLeftOut: 0 },
  ...changes,
});
const long = 'Push Notification Influenced Open of a Custom Name';
const rows = [
  row('Email Send', { cause: 'second_sender', count: 7 }),
  row(long),
  row(long, { day: '2026-03-02', cause: 'not_yet_exported' }),
];
const found = report(rows, { findings: [`2026-03-01 ${long}`] });

it('A program gets one line for each row, whatever its width', () => {
  const lines = reconcileText(found, false, Number.POSITIVE_INFINITY).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^event +day +Braze +here +sent +raw +unique +unexpl\.$/),
    expect.stringMatching(/^Email Send +2026-03-01 +1,234,567 +1,234,567 +1,234,567 +1,234,574 +1,234,574$/),
    expect.stringMatching(/^Push Notification Influenced Open of a Custom Name +2026-03-01 .* 3$/),
    expect.stringMatching(/^Push Notification Influenced Open of a Custom Name +2026-03-02 /),
  ]);
});

it('A terminal of 80 columns has each event above its days, and no line is longer', () => {
  const text = reconcileText(found, false, 80);
  expect(text).toMatch(
    /^Push Notification Influenced Open of a Custom Name\n {2}2026-03-01 +1,234,567 .* 3\n {2}2026-03-02 /m,
  );
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('The findings are last, each with its day, event, cause, count and what to do', () => {
  const text = reconcileText(found, false, Number.POSITIVE_INFINITY);
  expect(text.split('\nFindings:\n')[1]?.split('\n')).toEqual([
    expect.stringMatching(
      /^- 2026-03-01 Push .*: no known cause, 3 events missing from sent \(1,234,567\) to raw \(1,234,564\)\. Look in Mixpanel for a drop filter/,
    ),
    "- 2026-03-01 Email Send: second_sender, 7 events. Turn off the other sender, probably Braze's native integration with Mixpanel.",
  ]);
});

it('A cause that adds events on one day and takes as many away on another has both numbers', () => {
  const cause = 'project_day_boundary';
  const shifted = [
    row('Email Send', { cause, count: 40 }),
    row('Email Send', { day: '2026-03-02', cause, count: -40 }),
  ];
  const text = reconcileText(report(shifted), false, Number.POSITIVE_INFINITY);
  expect(text).toContain('- project_day_boundary: +40 and -40. ');
  expect(text).toContain(
    '- 2026-03-01 Email Send and 1 more count: project_day_boundary, 40 events more and 40 fewer. Unset',
  );
});

it.each([
  ['UTC', 'UTC+05:30', 'MIXPANEL_PROJECT_TIMEZONE is UTC. Set it to the time zone'],
  ['Asia/Kolkata', 'UTC+00:00 to UTC+01:45', 'Asia/Kolkata, and the data fit UTC. Unset it if'],
  ['America/New_York', 'UTC-01:00 to UTC+01:00', 'America/New_York, and the data fit UTC. Unset it if'],
  [
    'America/New_York',
    'UTC-08:00 to UTC-07:00',
    'MIXPANEL_PROJECT_TIMEZONE is America/New_York. Unset it if',
  ],
  ['America/New_York', undefined, 'MIXPANEL_PROJECT_TIMEZONE is America/New_York. Unset it if'],
])('MIXPANEL_PROJECT_TIMEZONE=%s beside data of %s is named with what to do', (zone, reason, advice) => {
  const shifted = [row('Email Send', { cause: 'project_day_boundary', reason })];
  const timeZones = { mixpanel: zone, braze: 'UTC' };
  expect(reconcileText(report(shifted, { timeZones }), false, Number.POSITIVE_INFINITY)).toContain(advice);
});

it('BRAZE_TIMEZONE as it is set is named where it is not that of the company', () => {
  const shifted = [row('Email Send', { cause: 'company_day_boundary', reason: 'UTC-05:00' })];
  const timeZones = { mixpanel: 'UTC', braze: 'Asia/Tokyo' };
  expect(reconcileText(report(shifted, { timeZones }), false, Number.POSITIVE_INFINITY)).toContain(
    'BRAZE_TIMEZONE is Asia/Tokyo. Check',
  );
});

it('Copies with the same $insert_id say what to look at, and are no finding', () => {
  const text = reconcileText(report([row('Email Send', { cause: 'sent_again', count: 7 })]), false, 2_000);
  expect(text).toMatch(/^- sent_again: \+7\. .* a second export to Mixpanel\.$/m);
  expect(text).toMatch(/^No findings/m);
});

it('A report without findings says so in its last line, with what is not known', () => {
  const harmless = [row('Email Send', { cause: 'not_yet_exported' })];
  expect(reconcileText(report(harmless), false, 200).split('\n').at(-1)).toMatch(
    /^No findings: no more than 1 %/,
  );
  const unread = report([], { notKnown: ['Braze did not answer.'] });
  expect(reconcileText(unread, false, 200).split('\n').at(-1)).toMatch(
    /^No findings, as far as counts are known: /,
  );
});

it('No cause of a day that has not ended is a finding, whatever it asks for', () => {
  for (const [cause, { advice }] of Object.entries<{ meaning: string; advice?: string }>(causes)) {
    const open = [row('Email Send', { cause: cause as Cause, count: 362 })];
    const text = (openDays: string[]) =>
      reconcileText(report(open, { openDays }), false, Number.POSITIVE_INFINITY);
    expect(text(['2026-03-01'])).not.toContain('Findings:');
    expect(text(['2026-03-01'])).toContain(`- ${cause}: +362.`);
    expect(text(['2026-03-02']).includes('Findings:')).toBe(advice !== undefined);
  }
});

it('An event without a type has a name in the table and in the findings', () => {
  const found = [row(''), row('', { day: '2026-03-02', cause: 'dead' })];
  const text = reconcileText(report(found, { findings: ['2026-03-01 '] }), false, Number.POSITIVE_INFINITY);
  expect(text).toMatch(/^\(no event type\) +2026-03-01 /m);
  expect(text).toContain('- 2026-03-01 (no event type): no known cause');
  expect(text).toContain('- 2026-03-02 (no event type): dead, 3 events. ');
});
