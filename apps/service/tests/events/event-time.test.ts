import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { epochMs } from '../../src/clock/index.ts';
import type { Trace } from '../../src/privacy/trace.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
let storage: Storage;
/** Difference between the service's clock and the machine's. */
let shift: number;
const now = () => epochMs(Date.now() + shift);
const second = () => Math.floor(now() / 1_000);
const day = 86_400;

const start = (environment: Record<string, string> = {}) =>
  RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url, DELIVERED_RETENTION: '1d', ...environment },
    {
      now,
      openStorage: async url => {
        storage = await openStorage(url);
        return storage;
      },
    },
  );
beforeEach(async () => {
  shift = 0;
  mixpanel = await FakeMixpanel.start();
  service = await start();
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const call = async (path: string, body: unknown) => {
  const response = await fetch(service.service.url + path, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
};
const timesOf = (id: string) =>
  mixpanel.stored
    .filter(event => event.properties.$insert_id === id)
    .map(({ properties }) => properties.time);

it('an event 60 seconds ahead that is sent four times arrives with one time, once that has come, and delays no other', async () => {
  const early = emailSend({ time: second() + 60 });
  for (let times = 1; times <= 4; times += 1) {
    await service.post(batchOf(emailSend(), early));
    await service.until(({ imported }) => imported === times);
  }
  expect(await service.connection()).toMatchObject({
    ...{ accepted: 8, imported: 4, notes: { timeAhead: 4 } },
    pending: { batches: 4, events: 4, early: 4, oldestSeconds: null },
    delivery: { state: 'waiting' },
  });
  expect(timesOf(early.id)).toEqual([]);
  shift = 61_000;
  await service.post(batchOf(early));
  expect(await service.settled()).toMatchObject({ accepted: 9, imported: 9, pending: { early: 0 } });
  expect(new Set(timesOf(early.id))).toEqual(new Set([early.time]));
});

it('an event that waits for its time is traced and forgotten like any other that waits', async () => {
  const early = emailSend({ time: second() + 60 });
  await service.post(batchOf(emailSend(), early));
  await service.until(({ pending }) => pending.early === 1);
  const externalId = early.user.external_user_id!;
  const trace = (await call('/api/trace', { externalId })) as unknown as Trace;
  expect(trace.connections.default).toMatchObject({
    pending: [{ id: early.id, state: 'held', nextAttempt: new Date(early.time * 1_000).toISOString() }],
    delivered: [],
  });
  expect(await call('/api/forget', { externalId, confirm: true })).toMatchObject({ complete: true });
  shift = 61_000;
  expect(await service.settled()).toMatchObject({ imported: 1, skipped: { forgotten: 1 } });
  expect(timesOf(early.id)).toEqual([]);
});

it('an event that was held and then removed is not traced as sent where the removal ended too early', async () => {
  const early = emailSend({ time: second() + 60 });
  await service.post(batchOf(early));
  await service.until(({ pending }) => pending.early === 1);
  const externalId = early.user.external_user_id!;
  const read = vi.spyOn(storage.journal, 'delivered').mockRejectedValue(new Error('stopped'));
  expect(await call('/api/forget', { externalId, confirm: true })).toMatchObject({
    pending: 1,
    delivered: 0,
  });
  read.mockRestore();
  expect(await call('/api/trace', { externalId })).toMatchObject({
    connections: { default: { pending: [], delivered: [{ id: early.id, state: 'forgotten' }] } },
  });
});

it('an event that was held until its time and then sent is traced as accepted, once', async () => {
  const early = emailSend({ time: second() + 60 });
  await service.post(batchOf(early));
  await service.until(({ pending }) => pending.early === 1);
  shift = 61_000;
  await service.post(batchOf(emailSend()));
  await service.settled();
  const trace = (await call('/api/trace', { externalId: early.user.external_user_id! })) as unknown as Trace;
  expect(trace.connections.default).toMatchObject({
    pending: [],
    delivered: [{ id: early.id, state: 'accepted', history: [{ state: 'held' }] }],
  });
});

it.each([30, 2, -30])(
  'an event delivered by a clock %i days off is traced as accepted, and one more than a day ahead of that clock as a dead letter that failed by it',
  async days => {
    shift = days * day * 1_000;
    const sent = emailSend({ time: second() - 5 });
    const early = { ...emailSend({ time: second() + 2 * day }), user: sent.user };
    await service.post(batchOf(sent, early));
    await service.settled();
    const externalId = sent.user.external_user_id!;
    const delivered = [{ id: sent.id, state: 'accepted', deliveredAt: expect.any(String) }];
    const trace = (await call('/api/trace', { externalId })) as unknown as Trace;
    expect(trace.connections.default).toMatchObject({ deadLetters: [{ id: early.id }], delivered });
    expect(await call('/api/trace/delivered', { externalId })).toMatchObject({ delivered });
    const [letter] = trace.connections.default!.deadLetters;
    expect(Math.abs(Date.parse(letter!.diedAt) - (Date.now() + shift))).toBeLessThan(60_000);
  },
);

it('the command `trace` prints a dead letter once', async () => {
  const event = emailSend({ time: second() + 2 * day });
  await service.post(batchOf(event));
  await service.settled();
  const environment = { PORT: String(service.service.port), ADMIN_TOKEN: 'test-admin-token' };
  const { stdout } = await ServiceProcess.run(environment, 'trace', event.user.external_user_id!);
  const text = stdout.join(' ').replaceAll(/\s+/g, ' ');
  expect([text.split('dead letter').length - 1, text.split('time_ahead').length - 1]).toEqual([1, 1]);
});

it('an event more than a day ahead is a dead letter, and a replay delivers it once the clock is right', async () => {
  shift = -10 * day * 1_000;
  const event = emailSend({ time: second() + 10 * day - 5 });
  await service.post(batchOf(event));
  expect(await service.settled()).toMatchObject({ deadLettered: { time_ahead: 1 } });
  const { deadLetters } = await service.deadLetters();
  expect(deadLetters).toMatchObject([{ reason: 'time_ahead', original: event }]);
  const replay = `/api/dead-letters/${deadLetters[0]!.id}/replay`;
  expect(await call(replay, { dryRun: true })).toMatchObject({ result: { reason: 'time_ahead' } });
  shift = 0;
  expect(await call(replay, { dryRun: true })).toMatchObject({ result: { outcome: 'mapped' } });
  await call(replay, {});
  expect(await service.settled()).toMatchObject({ imported: 1, deadLettered: {} });
  expect(timesOf(event.id)).toEqual([event.time]);
});

it('a time in milliseconds arrives in seconds and is counted, from Braze and from a correction', async () => {
  const fine = emailSend({ time: 1_660_000_000_123 });
  const wrong = emailSend({ time: 'yesterday' });
  await service.post(batchOf(fine, wrong));
  const { notes, deadLettered } = await service.settled();
  expect([notes, deadLettered]).toEqual([{ timeConverted: 1 }, { invalid_time: 1 }]);
  const fix = [{ set: 'time', value: 1_660_000_001_456 }];
  expect(await call('/api/dead-letters/replay', { fix })).toMatchObject({ replayed: 1 });
  expect((await service.settled()).notes).toEqual({ timeConverted: 2 });
  expect([timesOf(fine.id), timesOf(wrong.id)]).toEqual([[1_660_000_000], [1_660_000_001]]);
});

it('in shadow mode an event ahead of the clock waits too, and is no refusal', async () => {
  await service[Symbol.asyncDispose]();
  service = await start({ DELIVERY_MODE: 'shadow' });
  await service.post(batchOf(emailSend({ time: second() + 2 * 3_600 })));
  await service.until(({ pending }) => pending.early === 1);
  shift = 2 * 3_600_000 + 1_000;
  expect(await service.settled()).toMatchObject({ skipped: { shadow: 1 }, deadLettered: {} });
});
