import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from '../../src/testing/events.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let service: RunningService;
afterEach(() => service[Symbol.asyncDispose]());

const unreachable = { MIXPANEL_API_URL: 'http://127.0.0.1:1' };
const statusOf = async (path: string, headers: Record<string, string>, method = 'GET') => {
  const response = await fetch(service.service.url + path, { method, headers });
  await response.bytes();
  return response.status;
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the admin API', () => {
  it('needs the admin token', async () => {
    service = await RunningService.start(unreachable);
    expect(await statusOf('/api/dead-letters', {})).toBe(401);
    expect(await statusOf('/api/dead-letters', bearer('wrong'))).toBe(401);
    expect(await statusOf('/api/dead-letters', asOperator)).toBe(200);
    expect(await statusOf('/api/anything', {})).toBe(401);
    for (const open of ['/status', '/metrics', '/healthz', '/readyz'])
      expect(await statusOf(open, {})).toBe(200);
  });

  it('is off where no token is set, also for callers on the same machine', async () => {
    service = await RunningService.start({ ...unreachable, ADMIN_TOKEN: '' });
    for (const headers of [{}, asOperator, bearer('')])
      expect(await statusOf('/api/dead-letters', headers)).toBe(403);
    const response = await service.get('/api/dead-letters');
    expect(await response.json()).toMatchObject({ error: { code: 'admin_closed' } });
  });

  it('accepts the old and the new token during a rotation', async () => {
    service = await RunningService.start({ ...unreachable, ADMIN_TOKEN: 'old-token, new-token' });
    expect(await statusOf('/api/audit', bearer('old-token'))).toBe(200);
    expect(await statusOf('/api/audit', bearer('new-token'))).toBe(200);
    expect(await statusOf('/api/audit', bearer('old-token, new-token'))).toBe(401);
  });

  it('lets a viewer read, and change nothing', async () => {
    service = await RunningService.start({ ...unreachable, VIEWER_TOKEN: 'viewer-token' });
    const viewer = bearer('viewer-token');
    expect(await statusOf('/api/dead-letters', viewer)).toBe(200);
    // It reads; the query is in the body, which is missing here.
    expect(await statusOf('/api/trace', viewer, 'POST')).toBe(400);
    expect(await statusOf('/api/cohorts/7/members', viewer, 'POST')).toBe(404);
    expect(await statusOf('/api/cohorts/members', viewer, 'POST')).toBe(403);
    for (const [method, path] of [
      ['POST', '/api/dead-letters/replay'],
      ['POST', '/api/dead-letters/purge'],
      ['POST', '/api/forget'],
      ['POST', '/api/cohorts'],
      ['DELETE', '/api/cohorts/12345'],
      ['PUT', '/api/anything'],
    ] as const)
      expect([method, path, await statusOf(path, viewer, method)]).toEqual([method, path, 403]);
  });

  it('needs a token for /status and /metrics as soon as there are viewers', async () => {
    service = await RunningService.start({ ...unreachable, VIEWER_TOKEN: 'viewer-token' });
    for (const path of ['/status', '/metrics']) {
      expect(await statusOf(path, {})).toBe(401);
      expect(await statusOf(path, bearer('viewer-token'))).toBe(200);
      expect(await statusOf(path, asOperator)).toBe(200);
    }
    expect([await statusOf('/healthz', {}), await statusOf('/readyz', {})]).toEqual([200, 200]);
  });
});

describe('the audit log', () => {
  beforeEach(async () => {
    service = await RunningService.start(unreachable);
  });
  const call = (path: string, body: unknown) =>
    fetch(service.service.url + path, { method: 'POST', headers: asOperator, body: JSON.stringify(body) });
  const audit = async (query = '') =>
    (await (await service.get(`/api/audit${query}`)).json()) as {
      entries: { id: number; actor: string; action: string; detail: unknown }[];
    };

  it('has the author of every change, newest first, page by page, and no entry for reads', async () => {
    await service.post(batchOf(1, 2));
    await service.settled();
    await call('/api/dead-letters/replay', { reason: 'not_an_object' });
    await service.settled();
    await call('/api/dead-letters/replay', { dryRun: true });
    await call('/api/dead-letters/purge', {});
    await call('/api/dead-letters/purge', { confirm: true });
    const { entries } = await audit();
    expect(entries).toMatchObject([
      { action: 'dead_letters.purge', actor: 'operator at 127.0.0.1', detail: { purged: 2 } },
      { action: 'dead_letters.replay', detail: { reason: 'not_an_object', replayed: 2 } },
    ]);
    expect(await audit(`?limit=1&before=${entries[0]!.id}`)).toEqual({ entries: [entries[1]] });
    expect((await service.get('/api/audit?limit=x')).status).toBe(400);
  });
});

describe('dead letters', () => {
  it('are listed newest first, page by page, and narrowed by connection, reason, event type, id and time', async () => {
    service = await RunningService.start(unreachable);
    const unknownType = { event_type: 'users.unknown', id: 'x' };
    await service.post(batchOf(1, 2, 3, unknownType, 4));
    await service.settled();

    const all = await service.deadLetters();
    expect(all.deadLetters.map(({ original }) => original)).toEqual([4, unknownType, 3, 2, 1]);
    expect(all.counts).toEqual({ not_an_object: 4, unknown_event_type: 1 });
    const { receivedAt, diedAt } = all.deadLetters[0]!;
    expect(Date.parse(diedAt)).toBeGreaterThanOrEqual(Date.parse(receivedAt));

    const first = await service.deadLetters('?limit=2');
    const last = first.deadLetters.at(-1)!;
    const second = await service.deadLetters(`?limit=2&before=${last.id}`);
    expect([...first.deadLetters, ...second.deadLetters]).toEqual(all.deadLetters.slice(0, 4));

    const found = async (query: string) => (await service.deadLetters(query)).deadLetters.length;
    expect(await found('?reason=unknown_event_type')).toBe(1);
    expect(await found('?event_type=users.unknown')).toBe(1);
    expect(await found('?insert_id=x')).toBe(1);
    expect((await service.get('/api/dead-letters?connection=brand-z')).status).toBe(404);
    expect(await found(`?since=${diedAt}`)).toBe(5);
    expect(await found(`?until=${diedAt}`)).toBe(0);
  });

  it('are counted by reason and by event type', async () => {
    service = await RunningService.start(unreachable);
    await service.post(batchOf(1, { event_type: 'users.unknown', id: 'x' }));
    await service.settled();
    const counts = async (query: string) => (await service.get(`/api/dead-letters/counts${query}`)).json();
    expect(await counts('')).toEqual({ counts: { not_an_object: 1, unknown_event_type: 1 } });
    expect(await counts('?by=event_type')).toEqual({ counts: { '': 1, 'users.unknown': 1 } });
    expect(await counts('?reason=not_an_object')).toEqual({ counts: { not_an_object: 1 } });
  });

  it('have, one by one, an explanation of their reason and the outcome of a replay now', async () => {
    service = await RunningService.start(unreachable);
    await service.post(batchOf({ event_type: 'users.unknown', id: 'x' }));
    await service.settled();
    const [letter] = (await service.deadLetters()).deadLetters;
    expect(await (await service.get(`/api/dead-letters/${letter!.id}`)).json()).toEqual({
      ...letter,
      explanation: { meaning: expect.any(String), next: expect.stringContaining('then replay') },
      today: expect.objectContaining({ outcome: 'dead', reason: 'unknown_event_type' }),
    });
    expect((await service.get('/api/dead-letters/999999')).status).toBe(404);
    expect((await service.get('/api/dead-letters/x')).status).toBe(404);
  });

  it.each(['?limit=0', '?limit=1001', '?before=x', '?resaon=x', '?limit=1&limit=2', '?since=yesterday'])(
    'refuse the query %s',
    async query => {
      service = await RunningService.start(unreachable);
      const response = await service.get(`/api/dead-letters${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { message: expect.stringContaining('limit (1 to 1000') },
      });
    },
  );
});
