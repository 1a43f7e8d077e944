import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { codecNames, storedTypes } from '@braze-mixpanel/currents-files';
import { describe, expect, it } from 'vitest';
import { event } from '../../testing/servers.ts';
import { simulatedBraze } from '../../testing/simulated-braze.ts';
import { readFolder, storageWorld } from '../../testing/storage-world.ts';

const launched = { kind: 'storage', launch: true };
const many = (count: number, prefix = 'e') =>
  Array.from({ length: count }, (_, index) => event(`${prefix}-${index}`));
const sizes = (files: { events: readonly unknown[] }[]) => files.map(({ events }) => events.length);

describe('a storage Current', () => {
  it('writes a file per event type after five minutes, of one hour of queueing each', async () => {
    const { call, clock, read } = await storageWorld();
    await call('POST', '/_sim/currents', launched);
    const open = 'users.messages.email.Open';
    await call('POST', '/_sim/emit', { events: [...many(2), event('o', open)], flush: false });
    await clock.advance(3 * 60_000);
    await call('POST', '/_sim/emit', { events: many(3, 'later'), flush: false });
    expect(await read()).toEqual([]);
    await clock.advance(2 * 60_000);
    const files = await read();
    expect(files.map(({ path }) => path.replace(/[0-9a-f]{24}/g, '<id>'))).toEqual(
      [
        `event_type=${open}/date=2026-07-21-10/version=6/us-01/dataexport.prod-01.S3.integration.<id>+0+5.avro`,
        'event_type=users.messages.email.Send/date=2026-07-21-10/version=6/us-01/dataexport.prod-01.S3.integration.<id>+0+0.avro',
        'event_type=users.messages.email.Send/date=2026-07-21-11/version=6/us-01/dataexport.prod-01.S3.integration.<id>+0+2.avro',
      ].map(path => `currents/dataexport.prod-01.S3.integration.<id>/${path}`),
    );
    expect(sizes(files)).toEqual([1, 2, 3]);
    expect((await call('GET', '/_sim/currents/current-1')).body).toMatchObject({
      ...{ sent: 6, folder: 'currents', files: { written: 3, unreadable: 0 } },
      lastAnswer: { file: expect.stringContaining('currents/dataexport.prod-01.S3') },
    });
  });

  it('writes a file as soon as a type has 15,000 events', async () => {
    const { call, read } = await storageWorld();
    await call('POST', '/_sim/currents', launched);
    await call('POST', '/_sim/emit', { events: many(15_001), flush: false });
    expect(sizes(await read())).toEqual([15_000]);
    expect((await call('GET', '/_sim/currents/current-1')).body).toMatchObject({
      queues: [{ pending: 1 }],
    });
  });

  it('has the earlier layout of paths on request, and any prefix', async () => {
    const { call, read } = await storageWorld();
    const definition = { ...launched, layout: 'schema-id', folder: 'a/b', generation: '2026-07' };
    await call('POST', '/_sim/currents', definition);
    await call('POST', '/_sim/emit', { events: many(1) });
    expect((await read()).map(({ path }) => path)).toEqual([
      expect.stringMatching(
        /^a\/b\/dataexport\..*\/date=2026-07-21-10\/10\/us-01\/dataexport\..*\+0\+0\.avro$/,
      ),
    ]);
  });

  it.each(codecNames)('writes files with the codec %s, which are read back', async codec => {
    const { call, read } = await storageWorld();
    await call('POST', '/_sim/currents', { ...launched, codec });
    await call('POST', '/_sim/emit', { events: many(3) });
    const [file] = await read();
    expect(file).toMatchObject({ events: many(3).map(({ id }) => ({ id })), faults: [] });
  });

  it.each([...catalogueVersions.values()])(
    'has every event type of $id, those of files alone too',
    async version => {
      const { call, read } = await storageWorld();
      const types = storedTypes(version).size;
      await call('POST', '/_sim/users', { external_id: 'ada' });
      await call('POST', '/_sim/currents', { ...launched, generation: version.id });
      const generate = { count: types, generation: version.id, storageOnly: true };
      expect((await call('POST', '/_sim/emit', { generate })).body).toMatchObject({
        emitted: types,
        lost: [],
      });
      expect(new Set((await read()).map(({ events: [one] }) => one?.event_type))).toEqual(
        new Set(storedTypes(version).keys()),
      );
      const { body } = await call('POST', '/_sim/currents/current-1/test');
      expect(body).toMatchObject({ emitted: types });
      expect(await read()).toHaveLength(2 * types);
    },
  );

  it('drops what its schemas cannot hold, and names it', async () => {
    const { call, read } = await storageWorld();
    await call('POST', '/_sim/currents', launched);
    const events = [
      event('1', 'users.messages.rcs.Send'),
      { ...event('2'), properties: { send_id: 7 } },
      event('3'),
    ];
    expect((await call('POST', '/_sim/emit', { events })).body).toMatchObject({
      lost: [
        { index: 0, reason: 'no such event type in files of 2022-06' },
        { index: 1, reason: 'send_id does not have the type that files require' },
      ],
    });
    expect(sizes(await read())).toEqual([1]);
  });

  it('alone has the event types that Custom HTTP does not carry', async () => {
    const requests: string[] = [];
    const { call, read } = await storageWorld({
      fetch: async (_url, init) => {
        requests.push(String(init?.body));
        return new Response();
      },
    });
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/', launch: true });
    await call('POST', '/_sim/currents', { ...launched, generation: '2026-07' });
    await call('POST', '/_sim/users', { external_id: 'ada' });
    const generate = { count: 1, generation: '2026-07', types: ['users.profile.Update'] };
    await call('POST', '/_sim/emit', { generate });
    expect(requests).toEqual([]);
    expect(sizes(await read())).toEqual([1]);
  });

  it('never overwrites a file, also after a restored state', async () => {
    const { call, read } = await storageWorld();
    await call('POST', '/_sim/currents', { ...launched, faults: { late: 0.25 } });
    await call('POST', '/_sim/emit', { events: many(1) });
    const { body: state } = await call('GET', '/_sim/state');
    await call('POST', '/_sim/reset');
    expect((await call('GET', '/_sim/currents')).body).toEqual([]);
    expect((await call('PUT', '/_sim/state', state)).status).toBe(200);
    expect((await call('GET', '/_sim/state')).body).toEqual(state);
    await call('PUT', '/_sim/currents/current-1', { faults: {} });
    await call('POST', '/_sim/emit', { events: many(2, 'restored') });
    const events = (await read()).flatMap(file => file.events.map(({ id }) => id));
    expect(events).toEqual(expect.arrayContaining(['restored-0', 'restored-1']));
    expect(new Set((await read()).map(({ path }) => path)).size).toBe((await read()).length);
  });
});

describe('a storage Current without a place for its files', () => {
  it('cannot be created if the simulator has no folder', async () => {
    const { call } = await simulatedBraze();
    const { status, body } = await call('POST', '/_sim/currents', launched);
    expect([status, body.error]).toEqual([
      409,
      expect.stringContaining('Start mock-braze with --storage-dir'),
    ]);
    expect((await call('GET', '/_sim/currents')).body).toEqual([]);
  });

  it('is restored with a state, keeps its events and says what is missing', async () => {
    const { call } = await simulatedBraze();
    const definition = { kind: 'storage' };
    await call('PUT', '/_sim/state', { currents: [{ id: 'current-1', state: 'launched', definition }] });
    const { body } = await call('POST', '/_sim/emit', { events: many(1) });
    expect(body).toMatchObject({ attempts: [{ error: expect.stringContaining('are off') }] });
    expect((await call('GET', '/_sim/currents/current-1')).body).toMatchObject({
      sent: 0,
      queues: [{ held: 1 }],
    });
  });

  it('is not started with a folder that does not exist', async () => {
    await expect(simulatedBraze({ storageDir: join(tmpdir(), 'does not exist') })).rejects.toThrow(
      /^There is no folder .*does not exist for storage exports\. Create it first\.$/,
    );
  });

  it('holds its events, is disabled after five days and then loses its queue', async () => {
    const { call, clock, storageDir } = await storageWorld();
    await writeFile(join(storageDir, 'currents'), 'no folder');
    const created = await call('POST', '/_sim/currents', { ...launched, probe: true });
    expect(created.body.error).toMatch(/^The Current current-1 stays draft: currents is not a folder/);
    await call('POST', '/_sim/currents/current-1/launch');
    await call('POST', '/_sim/emit', { events: many(2) });
    const show = async () => (await call('GET', '/_sim/currents/current-1')).body;
    expect(await show()).toMatchObject({
      ...{ state: 'launched', sent: 0, queues: [{ held: 2 }] },
      lastAnswer: { error: 'currents is not a folder, so that nothing can be written below it.' },
    });
    await clock.advance(5 * 86_400_000);
    expect(await show()).toMatchObject({
      state: 'disabled',
      disabledReason: expect.stringContaining('currents is not a folder'),
    });
    await clock.advance(7 * 86_400_000);
    expect(await show()).toMatchObject({
      dropped: { 'queue of a disabled Current, not fetched in time': 2 },
    });
  });

  it('writes what it held once the folder is writable', async () => {
    const { call, storageDir, read } = await storageWorld();
    await writeFile(join(storageDir, 'currents'), 'no folder');
    await call('POST', '/_sim/currents', launched);
    await call('POST', '/_sim/emit', { events: many(2) });
    await rm(join(storageDir, 'currents'));
    await call('POST', '/_sim/emit', { events: many(1, 'new') });
    expect(sizes(await read()).sort()).toEqual([1, 2]);
  });

  it('retries while its storage folder is gone, and then writes everything', async () => {
    const { call, clock, storageDir, read } = await storageWorld();
    await call('POST', '/_sim/currents', launched);
    await rm(storageDir, { recursive: true });
    const { body } = await call('POST', '/_sim/emit', { events: many(2) });
    expect(body).toMatchObject({
      attempts: [{ error: expect.stringMatching(/cannot be written \(ENOENT\)\.$/) }],
    });
    expect((await call('GET', '/_sim/currents/current-1')).body).toMatchObject({
      ...{ sent: 0, failingSince: expect.any(String), queues: [{ waiting: 2, retryAt: expect.any(String) }] },
    });
    await mkdir(storageDir);
    await clock.advance(15 * 60_000);
    expect(sizes(await read())).toEqual([2]);
  });

  it.each(['../outside', '/etc', 'a/../../b', 'a//b', '.hidden', '', 'a\\b', 'a\0b', 'C:/x'])(
    'is not created with the folder %j',
    async folder => {
      const { call, read } = await storageWorld();
      const { status, body } = await call('POST', '/_sim/currents', { ...launched, folder });
      expect([status, body.error]).toEqual([400, expect.stringContaining('folder must be a path below')]);
      expect(await read()).toEqual([]);
    },
  );

  it('does not follow a link out of the storage folder', async () => {
    const outside = await storageWorld();
    const { call, storageDir } = await storageWorld();
    await symlink(outside.storageDir, join(storageDir, 'currents'));
    await call('POST', '/_sim/currents', launched);
    const { body } = await call('POST', '/_sim/emit', { events: many(1) });
    expect(body).toMatchObject({
      attempts: [{ error: expect.stringContaining('currents is not a folder') }],
    });
    expect(await readFolder(outside.storageDir)).toEqual([]);
  });
});
