import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Comparison } from '../../src/reconcile/compare.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accountSettings, type ImportRow, importNatively } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let mixpanel: RunningMockMixpanel;
beforeEach(async () => {
  mixpanel = await startMockMixpanel();
});
afterEach(() => mixpanel.close());

const time = Math.floor(Date.now() / 1_000) - 3_600;
const day = new Date(time * 1_000).toISOString().slice(0, 10);
const ada = { external_user_id: 'ada' };
const carrier = { event_type: 'users.messages.sms.CarrierSend', time, user: ada };
const pigeon = { event_type: 'users.messages.pigeon.Send', time, user: ada };
const anonymous = { time, user: { user_id: 'braze-user' } };
const native = (event: string, distinctId = 'ada'): ImportRow => ({
  event,
  properties: { time, distinct_id: distinctId },
});

const start = (more: Record<string, string>) =>
  RunningService.start({
    ...accountSettings(mixpanel.url),
    ...{ MIXPANEL_TOKEN: '', CURRENTS_UNKNOWN: 'send', ANONYMOUS: 'unattributed', ...more },
  });
const compare = async (service: RunningService) =>
  (await (await service.get(`/api/compare?from=${day}&to=${day}`)).json()) as Comparison;
const cutOver = async (service: RunningService) => {
  const init = { method: 'POST', headers: asOperator, body: '{"confirm":true}' };
  return (await fetch(`${service.service.url}/api/handover`, init)).json();
};
const stored = async () => {
  const names: string[] = [];
  for await (const events of mixpanel.model.events.readUnique())
    for (const { event, properties } of events) names.push(`${event} of ${properties.distinct_id}`);
  return names.sort();
};

it.each(['2022-06', '2026-07'])(
  'Events of unknown types and of no user agree in a comparison, in shadow mode too (catalogue %s)',
  async generation => {
    await using live = await start({ CURRENTS_GENERATION: generation });
    await using shadow = await start({ CURRENTS_GENERATION: generation, DELIVERY_MODE: 'shadow' });
    const batch = batchOf(emailSend(carrier), emailSend(pigeon), emailSend(anonymous), emailSend(anonymous));
    for (const service of [live, shadow]) {
      await service.post(batch);
      await service.settled();
    }
    expect(await live.connection()).toMatchObject({ imported: 4, skipped: {} });
    expect(await shadow.connection()).toMatchObject({ imported: 0, skipped: { shadow: 4 } });
    for (const service of [live, shadow]) {
      const { agrees, days } = await compare(service);
      expect(days.map(({ event, ours, mixpanelUnique }) => [event, ours, mixpanelUnique])).toEqual([
        ['Email Send', 2, 2],
        ['Pigeon Send', 1, 1],
        [generation === '2026-07' ? 'SMS Carrier Send' : 'SMS Send To Carrier', 1, 1],
      ]);
      expect(agrees).toBe(true);
    }
  },
);

it('A comparison in shadow mode shows events that another sender delivered under the name of another catalogue version', async () => {
  await using shadow = await start({ CURRENTS_GENERATION: '2026-07', DELIVERY_MODE: 'shadow' });
  await shadow.post(batchOf(emailSend(carrier)));
  await shadow.settled();
  await importNatively(mixpanel.url, [native('SMS Send To Carrier')]);
  expect(await compare(shadow)).toMatchObject({
    agrees: false,
    days: [
      { event: 'SMS Carrier Send', ours: 1, mixpanelUnique: 0 },
      { event: 'SMS Send To Carrier', ours: 0, mixpanelUnique: 1 },
    ],
  });
});

it.each([
  ['2022-06', 'SMS Carrier Send'],
  ['2022-06', 'SMS Send To Carrier'],
  ['2026-07', 'SMS Carrier Send'],
  ['2026-07', 'SMS Send To Carrier'],
])(
  'A cut-over with catalogue %s recognizes what another sender delivered as %s',
  async (generation, name) => {
    const settings = { CURRENTS_GENERATION: generation, DELIVERY_MODE: 'hold' };
    await using service = await start(settings);
    await importNatively(mixpanel.url, [native(name)]);
    const later = { time: time + 1 };
    await service.post(batchOf(emailSend(carrier), emailSend({ ...carrier, ...later }), emailSend(pigeon)));
    expect(await cutOver(service)).toMatchObject({ waiting: 3, alreadyThere: 1, left: 0 });
    await service.reload({ ...settings, DELIVERY_MODE: 'live' });
    expect(await service.settled()).toMatchObject({ imported: 2, skipped: { already_in_mixpanel: 1 } });
    const ours = generation === '2026-07' ? 'SMS Carrier Send' : 'SMS Send To Carrier';
    expect(await stored()).toEqual(['Pigeon Send of ada', `${name} of ada`, `${ours} of ada`].sort());
  },
);

it('A cut-over of a type that 2022-06 lacks recognizes the name of its tab in the glossary', async () => {
  await using service = await start({ DELIVERY_MODE: 'hold' });
  await importNatively(mixpanel.url, [native('RCS Send')]);
  await service.post(batchOf(emailSend({ ...carrier, event_type: 'users.messages.rcs.Send' })));
  expect(await cutOver(service)).toMatchObject({ waiting: 1, alreadyThere: 1 });
});

it('A cut-over removes no event of no user, since nothing tells two of them apart', async () => {
  await using service = await start({ DELIVERY_MODE: 'hold' });
  await importNatively(mixpanel.url, [native('Email Send', '')]);
  await service.post(batchOf(emailSend(anonymous), emailSend(anonymous)));
  expect(await cutOver(service)).toMatchObject({ waiting: 2, alreadyThere: 0 });
  await service.reload({ DELIVERY_MODE: 'live' });
  expect(await service.settled()).toMatchObject({ imported: 2, notes: { unattributed: 2 } });
});
