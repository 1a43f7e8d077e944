import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { epochMs } from '../../src/clock/index.ts';
import { endedBackfill } from '../../src/testing/backfills.ts';
import { refusesAll, replayLetters } from '../../src/testing/dead-letters.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const type = 'users.messages.email.Send';
const start = Date.UTC(2026, 4, 1, 10);

let folder: string;
let mixpanel: FakeMixpanel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  mixpanel = await FakeMixpanel.start();
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const event = (eventType: string): CurrentsEvent => ({
  ...{ event_type: eventType, id: 'event-1', time: start / 1_000, user: { external_user_id: 'u' } },
  properties: {},
});

/** A service whose settings have changed since the time of the files. */
async function withNewSettings(changes: Record<string, string>): Promise<RunningService> {
  let now = start;
  const service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, { now: () => epochMs(now) });
  now += 24 * 3_600_000;
  expect(await service.reload(changes)).toBe(true);
  return service;
}

it.each([
  ['all of them', '/replay', {}],
  ['all of them with a fix', '/replay', { fix: [{ set: 'properties.a', value: 1 }] }],
  ['one', undefined, {}],
])(
  'A back-filled event that Mixpanel refused keeps the name of its time in a replay of %s',
  async (_what, path, body) => {
    await using service = await withNewSettings({ CURRENTS_NAMES: JSON.stringify({ [type]: 'Mail Sent' }) });
    await writeFile(join(folder, '1.avro'), await writeCurrentsFile(type, [event(type)]));
    mixpanel.behaviour = refusesAll;
    await endedBackfill(service, { source: folder });
    const { deadLetters } = await service.deadLetters();
    const { id } = deadLetters[0]!;
    expect(deadLetters).toMatchObject([{ connection: 'default:backfill', mapped: { event: 'Email Send' } }]);
    const { today } = (await (await service.get(`/api/dead-letters/${id}`)).json()) as { today: object };
    expect(today).toMatchObject({ mapped: { event: 'Email Send' } });

    mixpanel.plays();
    expect(await replayLetters(service, path ?? `/${id}/replay`, body)).toMatchObject({
      body: { replayed: 1 },
    });
    await service.settled('default:backfill');
    expect(mixpanel.stored).toMatchObject([{ event: 'Email Send', properties: { $insert_id: 'event-1' } }]);
  },
);

it('A back-filled event of an unknown type gets a name under the present settings in a replay', async () => {
  await using service = await withNewSettings({ CURRENTS_UNKNOWN: 'send' });
  const unknown = 'users.messages.fax.Send';
  await mkdir(join(folder, `event_type=${unknown}`));
  await writeFile(
    join(folder, `event_type=${unknown}`, '1.avro'),
    await writeCurrentsFile(type, [event(type)]),
  );
  await endedBackfill(service, { source: folder });
  expect((await service.deadLetters()).counts).toEqual({ unknown_event_type: 1 });
  expect(await replayLetters(service, '/replay', {})).toMatchObject({ body: { replayed: 1 } });
  await service.settled('default:backfill');
  expect(mixpanel.stored).toMatchObject([{ properties: { $insert_id: 'event-1' } }]);
});
