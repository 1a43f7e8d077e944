import { afterEach, beforeEach, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});
const deliveredNames = () => [...mixpanel.unique.values()].map(({ event }) => event);

it('A batch keeps the choices it was accepted under after they change', async () => {
  await service.reload({ CURRENTS_NAMES: '{"Email Send": "Mail Sent"}', DELIVERY_MODE: 'hold' });
  await service.post(batchOf(emailSend()));
  await service.reload({ CURRENTS_GENERATION: '2026-07', CURRENTS_EXCLUDE: 'Email Send' });
  await service.post(batchOf(emailSend()));
  expect(await service.settled()).toMatchObject({ accepted: 2, imported: 1, skipped: { excluded: 1 } });
  expect(deliveredNames()).toEqual(['Mail Sent']);
});

it('A replay maps a dead letter by the present catalogue version and choices', async () => {
  const event = emailSend({ event_type: 'users.messages.pigeon.Send' });
  await service.post(batchOf(event));
  expect(await service.settled()).toMatchObject({ deadLettered: { unknown_event_type: 1 } });
  await service.reload({
    CURRENTS_GENERATION: '2026-07',
    CURRENTS_UNKNOWN: 'send',
    MIXPANEL_USER_ID: 'true',
  });
  await fetch(`${service.service.url}/api/dead-letters/replay`, { method: 'POST', headers: asOperator });
  expect(await service.settled()).toMatchObject({ accepted: 1, imported: 1, deadLettered: {} });
  expect(deliveredNames()).toEqual(['Pigeon Send']);
});

it('Excluded, unattributed and unknown events are counted apart, and no event is counted twice or lost', async () => {
  await service.reload({
    CURRENTS_EXCLUDE: 'Email Open where machine_open, Purchase',
    CURRENTS_UNKNOWN: 'send',
    ANONYMOUS: 'unattributed',
  });
  const machine = { event_type: 'users.messages.email.Open', properties: { machine_open: true } };
  await service.post(
    batchOf(
      emailSend(machine),
      emailSend(machine),
      emailSend({ event_type: 'users.behaviors.Purchase' }),
      emailSend({ event_type: 'users.messages.pigeon.Send' }),
      emailSend({ user: {} }),
      emailSend({ time: 'yesterday' }),
    ),
  );
  const status = await service.settled();
  expect(status).toMatchObject({
    ...{ accepted: 6, imported: 2, deadLettered: { invalid_time: 1 }, pending: { events: 0 } },
    skipped: { excluded: 3 },
    excluded: { 'Email Open where machine_open': 2, Purchase: 1 },
  });
  expect(status.notes).toEqual({ unknownType: 1, unattributed: 1 });
  const metrics = await (await fetch(`${service.service.url}/metrics`)).text();
  expect(metrics).toMatch(
    /events_excluded_total\{connection="default",rule="Email Open where machine_open"\} 2/,
  );
  const unattributed = [...mixpanel.unique.values()].filter(
    ({ properties }) => properties.distinct_id === '',
  );
  expect(unattributed).toHaveLength(1);
});
