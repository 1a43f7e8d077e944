import { openStorage } from '@braze-mixpanel/storage';
import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { asOperator } from '../../src/testing/running-service.ts';

/** A service that starts with these documents in storage, and with entries in the history of a sync. */
function worldWith(
  documents: Record<string, string>,
  { history = [], ...environment }: { history?: string[] } & Record<string, string | string[]> = {},
  dependencies: { fetch?: typeof fetch } = {},
) {
  return CohortWorld.start(environment as Record<string, string>, {
    ...dependencies,
    openStorage: async url => {
      const storage = await openStorage(url);
      const stored = Object.entries(documents).map(([key, text]) => ({ key, text }));
      await storage.cohorts.commit({ documents: stored });
      for (const text of history) await storage.cohorts.commit({ history: { sync: 'default:12345', text } });
      return storage;
    },
  });
}

const discard = (world: CohortWorld, key: string) =>
  fetch(`${world.service.service.url}/api/cohort-documents/${encodeURIComponent(key)}`, {
    method: 'DELETE',
    headers: asOperator,
  });

describe('a damaged record of a sync', () => {
  it('stops only that sync, is shown with its problem, and is replaced after it is discarded', async () => {
    await using world = await worldWith(
      { 'sync:default:7': '{"id":"default:7"' },
      { ...FakeQueryApi.environment, COHORTS: '7:dynamic' },
      new FakeQueryApi(),
    );
    await world.users(['ada', 'bob']);
    await world.push(['ada']);
    await world.rest();
    expect(await world.members()).toEqual(['ada']);
    const damaged = { code: 'cohort_document_damaged', message: expect.stringContaining('sync:default:7') };
    expect(await world.sync('7')).toMatchObject({ status: 'paused', problem: damaged });

    for (const [method, path] of [
      ['GET', '/7'],
      ['POST', '/default:7/run'],
      ['DELETE', '/7'],
    ] as const)
      expect(await world.api(method, path)).toMatchObject({ status: 503, body: { error: damaged } });
    expect((await world.push(['ada'], { cohort: '7' })).status).toBe(503);
    const request = { method: 'POST', headers: asOperator, body: '{"externalId":"ada","confirm":true}' };
    const forgotten = await fetch(`${world.service.service.url}/api/forget`, request);
    expect(await forgotten.json()).toMatchObject({ complete: false, cohorts: { later: ['default:7'] } });

    expect((await discard(world, 'sync:default:7')).status).toBe(204);
    expect(await world.rest()).toMatchObject([{ id: 'default:12345' }]);
    expect((await world.push(['bob'], { cohort: '7' })).status).toBe(200);
    await world.rest();
    expect(await world.members('7')).toEqual(['bob']);
    const audit = await (await world.service.get('/api/audit?limit=1')).json();
    expect(audit).toMatchObject({
      entries: [{ action: 'cohort.discard', detail: { id: 'sync:default:7' } }],
    });
  });

  it('of a later version keeps the service from starting', async () => {
    await expect(worldWith({ 'sync:default:7': '{"version":2}' })).rejects.toMatchObject({
      code: 'cohort_document_newer',
    });
  });
});

it.each(['cohort-list:default', 'queries:default'])(
  'a damaged %s ends runs with its name, and they continue once it is discarded',
  async key => {
    const mixpanel = new FakeQueryApi();
    mixpanel.put('7', ['ada']);
    const environment = { ...FakeQueryApi.environment, COHORTS: '7:dynamic' };
    await using world = await worldWith({ [key]: '{}' }, environment, mixpanel);
    expect((await world.sync('7')).problem).toMatchObject({
      code: 'cohort_document_damaged',
      message: expect.stringContaining(key),
    });
    expect((await discard(world, key)).status).toBe(204);
    await world.api('POST', '/7/run');
    expect(await world.sync('7')).toMatchObject({ problem: null, brazeMembers: 1 });
  },
);

it('a damaged entry of a history is discarded alone', async () => {
  await using world = await worldWith({}, { history: ['damaged'] });
  await world.push(['ada']);
  await world.rest();
  const { status, body } = await world.api('GET', '/12345/history');
  expect({ status, body }).toMatchObject({
    status: 503,
    body: { error: { code: 'cohort_document_damaged' } },
  });
  const key = /run:\d+:default:12345/.exec(JSON.stringify(body))![0];
  expect((await discard(world, key)).status).toBe(204);
  expect((await world.api('GET', '/12345/history')).body).toMatchObject({ runs: [{ outcome: 'sent' }] });
});

it('a readable or missing document is not discarded', async () => {
  await using world = await worldWith({});
  await world.push(['ada']);
  await world.rest();
  for (const key of ['sync:default:12345', 'sync:default:7', 'run:1:default:12345', 'run:9:default:7', '?']) {
    const answer = await discard(world, key);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'cohort_document_intact' } });
  }
  expect(await world.sync()).toMatchObject({ brazeMembers: 1 });
});
