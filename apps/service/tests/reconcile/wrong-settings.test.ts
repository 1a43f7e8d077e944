import { expect, it } from 'vitest';
import type { Comparison } from '../../src/reconcile/compare.ts';
import { fitsUtc } from '../../src/reconcile/explain/find-offset.ts';
import { emailSend } from '../../src/testing/events.ts';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const dayMs = 86_400_000;
const type = (name: string) => `users.messages.email.${name}`;
const at = (text: string) => Date.parse(text) / 1_000;

/** Events at 06:10 and 20:10 of five days, more of them each day, of which two are of the same user and second. */
const fiveDays = (more: object = {}) =>
  [1, 2, 3, 4, 5].flatMap(day =>
    ['06:10:00', '20:10:00'].flatMap(time =>
      Array.from({ length: 4 * day }, (_, number) =>
        emailSend({
          ...{ time: at(`2026-03-0${day}T${time}Z`), ...more },
          user: { external_user_id: `user-${Math.floor(number / 2)}` },
        }),
      ),
    ),
  );

type Report = Awaited<ReturnType<Awaited<ReturnType<typeof reconcileWorld>>['report']>>;
/** Events by cause and reason over all rows, without signs. */
const found = ({ rows }: Report) => {
  const totals: Record<string, number> = {};
  for (const { cause, reason, events } of rows.flatMap(({ steps }) =>
    steps.flatMap(({ causes }) => causes),
  )) {
    const key = reason === undefined ? cause : `${cause} ${reason}`;
    totals[key] = (totals[key] ?? 0) + Math.abs(events);
  }
  return totals;
};

it.each<[string, object]>([
  ['sends', {}],
  ['opens, of which Braze counts some as made by machines', { event_type: type('Open') }],
])(
  'a company in New York without BRAZE_TIMEZONE has its %s on other days, and the cause names the setting and the offset',
  async (_title, more) => {
    await using service = await reconcileWorld({
      companyZone: 'America/New_York',
      environment: { BRAZE_TIMEZONE: '' },
    });
    await service.clock.advance(9 * dayMs);
    await service.emit(...fiveDays(more).map(event => ({ ...event, time: event.time - 4 * 3_600 })));
    const report = await service.report('2026-03-01', '2026-03-05');
    expect(Object.keys(found(report))).toEqual([expect.stringMatching(/^company_day_boundary UTC-/)]);
    expect({ unexplained: report.unexplained, findings: report.findings }).toEqual({
      unexplained: 0,
      findings: [],
    });
  },
);

it('a project in Tokyo without MIXPANEL_PROJECT_TIMEZONE has no second sender, though users have several events in one second', async () => {
  await using service = await reconcileWorld({
    projectZone: 'Asia/Tokyo',
    environment: { MIXPANEL_PROJECT_TIMEZONE: '' },
  });
  await service.clock.advance(9 * dayMs);
  await service.emit(...fiveDays());
  const report = await service.report('2026-03-01', '2026-03-05');
  expect(Object.keys(found(report))).toEqual([expect.stringMatching(/^project_day_boundary UTC\+/)]);
  expect(report.unexplained).toBe(0);
});

it.each(['Asia/Kolkata', 'America/Los_Angeles'])(
  'a project created since 2023 in %s, whose export is in UTC, gets the advice to unset MIXPANEL_PROJECT_TIMEZONE',
  async projectZone => {
    await using service = await reconcileWorld({ projectZone });
    await service.mixpanel.request('PUT settings', { body: { exportsUtc: true } });
    await service.clock.advance(9 * dayMs);
    await service.emit(...fiveDays().map(event => ({ ...event, time: event.time - 4 * 3_600 })));
    const { causes } = await service.ended(await service.begin('2026-03-01', '2026-03-05'));
    expect(causes).toEqual({
      project_day_boundary: {
        meaning: expect.stringContaining('is not the time zone of its raw export'),
        advice:
          `MIXPANEL_PROJECT_TIMEZONE is ${projectZone}, and the data fit UTC. Unset it if the project was created in ` +
          '2023 or later: its raw export is in UTC. Otherwise set it to the time zone in the settings of the project.',
      },
    });
  },
);

it('compare names the time zone of the project, its value and its offset, where events are on other days', async () => {
  await using service = await reconcileWorld({ environment: { MIXPANEL_PROJECT_TIMEZONE: 'Asia/Kolkata' } });
  await service.clock.advance(9 * dayMs);
  await service.emit(...fiveDays().map(event => ({ ...event, time: event.time - 4 * 3_600 })));
  const compared = async () => {
    const answer = await service.running.get('/api/compare?from=2026-03-01&to=2026-03-05', asOperator);
    return (await answer.json()) as Comparison;
  };
  const shifted = await compared();
  expect(shifted).toMatchObject({ agrees: false, timeZone: { set: 'Asia/Kolkata' } });
  expect(fitsUtc(shifted.timeZone!.found)).toBe(true);
  expect(shifted.days.map(({ why }) => why)).toEqual(shifted.days.map(() => ['project_day_boundary']));
});

it('an event that Lexicon drops is named as dropped on each day, and not as one on another day, in a project in Tokyo without MIXPANEL_PROJECT_TIMEZONE', async () => {
  await using service = await reconcileWorld({
    projectZone: 'Asia/Tokyo',
    environment: { MIXPANEL_PROJECT_TIMEZONE: '' },
  });
  await service.clock.advance(9 * dayMs);
  const params = { name: 'Email Open' };
  await service.mixpanel.request('PUT lexicon/events/:name', { params, body: { dropped: true } });
  await service.emit(...fiveDays(), ...fiveDays({ event_type: type('Open') }));
  const { rows, unexplained } = await service.report('2026-03-01', '2026-03-05');
  const opens = rows.filter(({ event }) => event === params.name);
  expect(opens.map(({ steps }) => steps.flatMap(({ causes }) => causes))).toEqual(
    [1, 2, 3, 4, 5].map(day => [{ cause: 'dropped_by_mixpanel', events: -8 * day }]),
  );
  expect(unexplained).toBe(0);
});

it('a deleted campaign is named where the days of the company are others than those of UTC', async () => {
  await using service = await reconcileWorld({ companyZone: 'Asia/Kolkata' });
  await service.clock.advance(9 * dayMs);
  await service.emit(...fiveDays());
  const campaigns = (await service.braze.request('GET campaigns')) as { id: string }[];
  for (const { id } of campaigns) await service.braze.request('DELETE campaigns/:id', { params: { id } });
  const report = await service.report('2026-03-01', '2026-03-05');
  expect(Object.keys(found(report)).toSorted()).toEqual(['day_boundary', 'not_in_lists']);
  expect(report.unexplained).toBe(0);
});

it.each<[string, object, string, Record<string, string>]>([
  ['skipped', { user: { user_id: 'braze-1' } }, 'no_external_user_id', {}],
  ['excluded', {}, 'excluded', { CURRENTS_EXCLUDE: 'Email Send where campaign_id = c-1' }],
  ['dead', { user: { external_user_id: 'anonymous' } }, 'refused_distinct_id', {}],
  ['held', {}, 'held', { DELIVERY_MODE: 'hold' }],
  ['shadow', {}, 'shadow', { DELIVERY_MODE: 'shadow' }],
])(
  '%s events that Braze sends again, in the same batch and in another one, are named as that',
  async (_title, more, reason, environment) => {
    await using service = await reconcileWorld({ companyZone: 'Asia/Kolkata', environment });
    await service.clock.advance(9 * dayMs);
    const events = fiveDays().map(event => ({
      ...event,
      ...more,
      properties: { campaign_id: 'c-1', message_variation_id: 'v1', dispatch_id: 'd1' },
    }));
    await service.braze.request('POST emit', { body: { events } });
    for (const sent of [[...events, ...events.slice(0, 7)], events.slice(0, 20)]) {
      await service.running.post({ events: sent });
      if (reason !== 'held') await service.running.settled();
    }
    const report = await service.report('2026-03-01', '2026-03-05');
    expect(found(report)).toMatchObject({ resent_by_braze: 27 });
    expect(Object.keys(found(report)).join(' ')).toContain(reason);
    expect(report.unexplained).toBe(0);
  },
);
