import { describe, expect, it } from 'vitest';
import { syncWorld } from '../testing/sync-world.ts';

const { world, control, putCohort, sync, lastRun, shown } = syncWorld();
const endpoint = 'https://rest.braze.example';
const list = async () => (await control('GET', 'destinations')).body as unknown as Record<string, unknown>[];
const keysSent = () =>
  world.sent.map(({ body }) => (body as unknown as { client_secret: string }).client_secret);

describe('a connected destination', () => {
  it('is shown without its key, with the syncs that send to it', async () => {
    await putCohort(['ada']);
    const connect = { name: 'Braze EU', restEndpoint: endpoint, dataImportKey: 'key-1' };
    const connected = {
      ...{ id: 'destination-1', name: 'Braze EU', type: 'braze', restEndpoint: endpoint },
      ...{ connectedAt: '2026-01-31T12:00:00.000Z', syncs: [], lastRun: null },
    };
    expect(await control('POST', 'destinations', connect)).toMatchObject({ status: 201, body: connected });
    const id = await sync({ type: 'connected', id: 'destination-1' }, { mode: 'one-time' });
    const lastRun = { sync: id, startedAt: '2026-01-31T12:00:00.000Z', outcome: 'succeeded' };
    expect((await control('GET', 'destinations')).body).toEqual([
      { ...connected, syncs: [id], lastRun: { ...lastRun, status: null, error: null } },
    ]);
    expect(await shown(id)).toMatchObject({
      ...{ mode: 'one-time', connectedTo: 'destination-1', interval: 7_200_000 },
      destination: { type: 'braze', restEndpoint: endpoint, dataImportKey: '[cut]' },
    });
    expect(world.sent[0]?.url).toBe(`${endpoint}/partners/mixpanel/cohorts`);
  });

  it('that is reconnected with a new key sends it from the next run of its syncs on', async () => {
    await putCohort(['ada']);
    await control('POST', 'destinations', { restEndpoint: endpoint, dataImportKey: 'old' });
    world.answer = ({ body }) =>
      (body as unknown as { client_secret: string }).client_secret === 'new'
        ? Response.json({ message: 'success' }, { status: 201 })
        : Response.json({ message: 'Invalid client secret' }, { status: 401 });
    const id = await sync({ type: 'connected', id: 'destination-1' });
    expect(await lastRun(id)).toMatchObject({ outcome: 'refused', status: 401 });
    const known = async () => (await list())[0]?.lastRun;
    expect(await known()).toMatchObject({ sync: id, outcome: 'refused', status: 401 });
    const renewed = { restEndpoint: endpoint, dataImportKey: 'new' };
    expect(await control('PUT', 'destinations/destination-1', renewed)).toMatchObject({
      status: 200,
      body: { name: 'Braze', lastRun: null },
    });
    await control('POST', `syncs/${id}/start`);
    await world.mixpanel.clock.advance(0);
    expect(await lastRun(id)).toMatchObject({ outcome: 'succeeded' });
    expect(await known()).toMatchObject({ sync: id, outcome: 'succeeded', status: null });
    expect(keysSent()).toEqual(['old', 'new', 'new']);
  });

  it('is found by its key, as are the syncs that send with that', async () => {
    await putCohort(['ada']);
    const given = { restEndpoint: endpoint, dataImportKey: 'key-1' };
    await control('POST', 'destinations', given);
    await control('POST', 'destinations', { ...given, name: 'Braze EU', dataImportKey: 'key-2' });
    const connected = await sync({ type: 'connected', id: 'destination-1' });
    const alone = await sync({ type: 'braze', ...given });
    await sync({ type: 'webhook', url: 'http://hook.example' });
    const uses = async (dataImportKey: string) => {
      const { body } = await control('POST', 'destinations/with-key', { dataImportKey });
      const { destinations, syncs } = body as unknown as { destinations: { id: string }[]; syncs: string[] };
      return { destinations: destinations.map(({ id }) => id), syncs };
    };
    expect(await uses('key-1')).toEqual({ destinations: ['destination-1'], syncs: [connected, alone] });
    expect(await uses('key-2')).toEqual({ destinations: ['destination-2'], syncs: [] });
  });

  it('has a name of its own, which a reconnection without one keeps', async () => {
    const given = { restEndpoint: endpoint, dataImportKey: 'key' };
    await control('POST', 'destinations', { ...given, name: 'Braze EU' });
    const twin = await control('POST', 'destinations', { ...given, name: ' Braze EU ' });
    expect(twin).toMatchObject({
      status: 400,
      body: {
        error:
          'The destination destination-1 is already called "Braze EU". Choose another name: the menu of a cohort shows it.',
        faults: [{ field: 'name', message: 'must differ from that of destination-1, which has this name' }],
      },
    });
    await control('POST', 'destinations', given);
    const renamed = { ...given, name: 'Braze EU' };
    expect(await control('PUT', 'destinations/destination-2', renamed)).toMatchObject({ status: 400 });
    expect(await control('PUT', 'destinations/destination-1', renamed)).toMatchObject({ status: 200 });
    await control('PUT', 'destinations/destination-1', given);
    expect((await list()).map(({ name }) => name)).toEqual(['Braze EU', 'Braze']);
  });

  it('is not disconnected while a sync uses it, and forgotten at a reset', async () => {
    await putCohort(['ada']);
    await control('POST', 'destinations', { restEndpoint: endpoint, dataImportKey: 'key' });
    const id = await sync({ type: 'connected', id: 'destination-1' });
    expect(await control('DELETE', 'destinations/destination-1')).toMatchObject({
      status: 409,
      body: { error: 'The destination destination-1 is used by sync-1. Delete this sync first.' },
    });
    await control('DELETE', `syncs/${id}`);
    expect(await control('DELETE', 'destinations/destination-1')).toMatchObject({ status: 200 });
    await control('POST', 'destinations', { restEndpoint: endpoint, dataImportKey: 'key' });
    await control('POST', 'reset', {});
    expect((await control('GET', 'destinations')).body).toEqual([]);
  });
});

it('a refusal names each field that is not valid, for forms', async () => {
  await putCohort(['ada']);
  expect((await control('POST', 'destinations', { restEndpoint: 'rest.example' })).body.faults).toEqual([
    { field: 'restEndpoint', message: 'must be an http or https address' },
    { field: 'dataImportKey', message: 'is missing; it must be text' },
  ]);
  const unknown = { cohort: 12345, destination: { type: 'connected', id: 'destination-9' } };
  expect(await control('POST', 'syncs', unknown)).toMatchObject({
    status: 400,
    body: {
      error:
        'There is no destination destination-9. POST /_sim/destinations connects one, GET /_sim/destinations lists them.',
      faults: [{ field: 'destination.id', message: 'must be a connected destination' }],
    },
  });
});
