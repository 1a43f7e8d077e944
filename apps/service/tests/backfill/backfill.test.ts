import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  catalogue2026_07,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackfillJson } from '../../src/http/backfill-endpoints.ts';
import { showBackfill } from '../../src/testing/backfills.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let folder: string;
let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-'));
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, CURRENTS_GENERATION: '2026-07' });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const send = (path: string, body?: unknown) =>
  fetch(service.service.url + path, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
const show = (id: number) => showBackfill(service, id);

async function create(body: object): Promise<BackfillJson> {
  const response = await send('/api/backfills', body);
  expect(response.status).toBe(201);
  return (await response.json()) as BackfillJson;
}

const delivered = (id: number): Promise<BackfillJson> =>
  vi.waitFor(
    async () => {
      const job = await show(id);
      if (job.state !== 'done' || job.delivery.pending > 0)
        throw new Error(`${job.state}, ${job.delivery.pending} pending`);
      return job;
    },
    { timeout: 20_000, interval: 20 },
  );

const now = Math.floor(Date.now() / 1_000);

/** An event of every type that both Custom HTTP and files carry, and its file. */
async function eventsInFiles() {
  const random = seededRandom(1);
  const entries = customHttpEntries(catalogue2026_07).filter(({ retired }) => !retired);
  const events = entries.map((entry, index) =>
    sampleEvent(entry, { random, time: now - 60 - index, externalUserId: `user-${index}` }),
  );
  for (const event of events) {
    const at = join(folder, `event_type=${event.event_type}`, 'date=2026-07-01-10');
    await mkdir(at, { recursive: true });
    await writeFile(join(at, 'file.avro'), await writeCurrentsFile(event.event_type, [event]));
  }
  return events;
}

describe('a back-fill of a running service', () => {
  it('delivers the events of the files, under the counters of a queue of its own', async () => {
    const events = await eventsInFiles();
    const job = await create({ source: folder });
    const { delivery, report } = await delivered(job.id);
    expect(report).toMatchObject({ events: { accepted: events.length }, faults: { count: 0 } });
    const skipped = delivery.skipped.no_mixpanel_event ?? 0;
    expect(delivery).toEqual({
      ...{ accepted: events.length, imported: events.length - skipped, pending: 0, deadLettered: {} },
      skipped: skipped > 0 ? { no_mixpanel_event: skipped } : {},
    });
    expect(mixpanel.unique.size).toBe(delivery.imported);
    const status = await service.status();
    expect(status.connections['default:backfill']).toMatchObject({ accepted: events.length });
    expect(status.connections.default).toMatchObject({ accepted: 0, imported: 0 });
  });

  it('sends each event under the ID, name, time and user that Custom HTTP gives it', async () => {
    const events = await eventsInFiles();
    await delivered((await create({ source: folder })).id);
    const identity = () =>
      mixpanel.stored
        .splice(0)
        .map(({ event, properties }) => [
          ...[properties.$insert_id, event, properties.time, properties.distinct_id],
        ]);
    const fromFiles = identity();
    await service.post({ events });
    await service.settled();
    expect(fromFiles.sort()).toEqual(identity().sort());
    expect(fromFiles.length).toBeGreaterThan(80);
  });

  it('makes dead letters with a reason of events without ID or time, over 1 MB or of an unknown type', async () => {
    const type = 'users.messages.email.Open';
    const event = (id: string, properties = {}) => ({
      ...{ event_type: type, id, time: now - 60, user: { external_user_id: 'u' }, properties },
    });
    const put = async (path: string, bytes: Uint8Array) => writeFile(join(folder, path), bytes);
    await put('no-id.avro', await writeCurrentsFile(type, [event('')]));
    const file = (await writeCurrentsFile(type, [event('no-time')])).toString('latin1');
    await put('no-time.avro', Buffer.from(file.replace('"name":"time"', '"name":"past"'), 'latin1'));
    await put(
      'large.avro',
      await writeCurrentsFile(type, [event('large', { user_agent: 'y'.repeat(1_200_000) })]),
    );
    await mkdir(join(folder, 'event_type=users.messages.fax.Send'));
    await put('event_type=users.messages.fax.Send/a.avro', await writeCurrentsFile(type, [event('fax')]));
    await put('whole.avro', await writeCurrentsFile(type, [event('whole')]));
    const { delivery, report } = await delivered((await create({ source: folder })).id);
    expect(report).toMatchObject({ events: { accepted: 5 }, faults: { count: 0 } });
    expect(delivery).toMatchObject({
      imported: 1,
      deadLettered: { invalid_id: 1, invalid_time: 1, too_large: 1, unknown_event_type: 1 },
    });
  });

  it('is shown, listed and in the audit log, and refuses changes after its end', async () => {
    const { id } = await create({
      source: folder,
      from: '2026-01-01',
      to: '2026-01-31',
      events: ['Email Send'],
    });
    await delivered(id);
    expect(await show(id)).toMatchObject({
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
      events: ['users.messages.email.Send'],
    });
    for (const [verb, participle] of [
      ['pause', 'paused'],
      ['resume', 'resumed'],
      ['cancel', 'cancelled'],
    ]) {
      const refused = await send(`/api/backfills/${id}/${verb}`);
      expect(refused.status).toBe(409);
      const message = `The back-fill was not changed. Back-fill ${id} is already done, so it cannot be ${participle}.`;
      expect(await refused.json()).toEqual({ error: { code: 'backfill_wrong_state', message } });
    }
    const { backfills } = (await (await service.get('/api/backfills')).json()) as {
      backfills: BackfillJson[];
    };
    expect(backfills.map(job => job.id)).toEqual([id]);
    const { entries } = (await (await service.get('/api/audit')).json()) as {
      entries: { action: string; detail: object }[];
    };
    expect(entries).toMatchObject([{ action: 'backfill.create', detail: { id, source: folder } }]);
  });

  it.each([
    ['no source', {}, 400, /source/],
    ['a source that is not there', { source: '/nothing/here' }, 400, /There is no \/nothing\/here\./],
    ['an address of another kind', { source: 'ftp://host/x' }, 400, /Expected a folder/],
    ['an unknown connection', { source: '.', connection: 'x' }, 404, /Unknown connection/],
    ['an unknown event', { source: '.', events: ['Emial Send'] }, 400, /Emial Send/],
    ['an end before the start', { source: '.', from: '2026-02-01', to: '2026-01-01' }, 400, /not before/],
    ['a time that is none', { source: '.', from: 'yesterday' }, 400, /from/],
  ])('is not started with %s', async (_what, body, status, message) => {
    const response = await send('/api/backfills', body);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
    expect(await (await service.get('/api/backfills')).json()).toEqual({ backfills: [] });
  });

  it.each(['', '/pause', '/resume', '/cancel'])('that does not exist is unknown: %s', async verb => {
    for (const id of ['1', 'x']) {
      const path = `/api/backfills/${id}${verb}`;
      expect((await (verb === '' ? service.get(path) : send(path))).status).toBe(404);
    }
  });
});
