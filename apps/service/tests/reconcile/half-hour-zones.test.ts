import { expect, it } from 'vitest';
import { emailSend } from '../../src/testing/events.ts';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';

/** The last and the first second of a day in Kathmandu, then in Kolkata, then in UTC. */
const times = ['18:14:59', '18:15:00', '18:29:59', '18:30:00', '23:59:59'];

async function reportOf(companyZone: string, projectZone: string, environment = {}) {
  await using service = await reconcileWorld({ companyZone, projectZone, environment });
  await service.clock.advance(5 * 86_400_000);
  await service.emit(
    ...times.map(time => emailSend({ time: Date.parse(`2026-03-02T${time}Z`) / 1_000 })),
    emailSend({ time: Date.parse('2026-03-03T00:00:00Z') / 1_000 }),
  );
  return await service.report('2026-03-02', '2026-03-03');
}

it.each<[string, string, number, number]>([
  ['Asia/Kathmandu', 'UTC', 1, 5],
  ['Asia/Kolkata', 'UTC', 3, 3],
  ['America/St_Johns', 'UTC', 6, 0],
  ['UTC', 'Asia/Kathmandu', 5, 1],
  ['UTC', 'Asia/Kolkata', 5, 1],
  ['Asia/Kathmandu', 'Asia/Kolkata', 1, 5],
  ['Asia/Kolkata', 'Australia/Lord_Howe', 3, 3],
])(
  'a company in %s and a project in %s have each event on its day, and nothing is unexplained',
  async (...zones) => {
    const [company, project, first, second] = zones;
    const { rows, unexplained, notKnown } = await reportOf(company, project);
    const columnsOf = (braze: number, others: number) => ({
      braze: { events: braze },
      ...Object.fromEntries(
        ['accepted', 'imported', 'mixpanelRaw', 'mixpanelUnique'].map(name => [name, { events: others }]),
      ),
    });
    expect(rows).toMatchObject([
      { day: '2026-03-02', columns: columnsOf(first, 5) },
      { day: '2026-03-03', columns: columnsOf(second, 1) },
    ]);
    const moved = rows.map(({ steps }) => steps.flatMap(({ causes }) => causes));
    const boundary = (events: number) => (events === 0 ? [] : [{ cause: 'day_boundary', events }]);
    expect(moved).toEqual([boundary(5 - first), boundary(1 - second)]);
    expect({ unexplained, notKnown }).toEqual({ unexplained: 0, notKnown: [] });
  },
);

it('a project in Asia/Kolkata without MIXPANEL_PROJECT_TIMEZONE has its events on another day, and the cause names the setting', async () => {
  const { rows, unexplained } = await reportOf('UTC', 'Asia/Kolkata', { MIXPANEL_PROJECT_TIMEZONE: '' });
  const moved = rows.map(({ steps }) => steps.flatMap(({ causes }) => causes));
  expect(moved).toEqual([
    [{ cause: 'project_day_boundary', reason: 'UTC+05:30', events: -2 }],
    [{ cause: 'project_day_boundary', reason: 'UTC+05:30', events: 2 }],
  ]);
  expect(unexplained).toBe(0);
});
