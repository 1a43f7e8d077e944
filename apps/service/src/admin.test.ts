import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { batchOf } from './testing/events.ts';
import { RunningService } from './testing/running-service.ts';

let service: RunningService;
afterEach(() => service[Symbol.asyncDispose]());

const unreachable = { MIXPANEL_API_URL: 'http://127.0.0.1:1' };
const statusOf = (path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(service.service.url + path, { headers }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the admin API', () => {
  it('asks for the admin token where one is set', async () => {
    service = await RunningService.start({ ...unreachable, ADMIN_TOKEN: 'test-admin-token' });
    expect(await statusOf('/api/dead-letters', {})).toBe(401);
    expect(await statusOf('/api/dead-letters', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf('/api/dead-letters', { authorization: 'Bearer test-admin-token' })).toBe(200);
    expect(await statusOf('/api/anything', {})).toBe(401);
    expect(await statusOf('/status', {})).toBe(200);
  });

  it('answers only direct callers on this machine where none is set', async () => {
    service = await RunningService.start(unreachable);
    expect(await statusOf('/api/dead-letters', {})).toBe(200);
    expect(await statusOf('/api/dead-letters', { host: 'localhost:4000' })).toBe(200);
    expect(await statusOf('/api/dead-letters', { host: 'rebound.example' })).toBe(403);
    expect(await statusOf('/api/dead-letters', { 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    expect(await statusOf('/api/dead-letters', { origin: 'http://localhost:5173' })).toBe(200);
    expect(await statusOf('/api/dead-letters', { origin: 'https://elsewhere.example' })).toBe(403);
    expect(await statusOf('/api/dead-letters', { 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});

describe('dead letters', () => {
  it('are listed newest first, page by page, and narrowed by connection, reason and event type', async () => {
    service = await RunningService.start(unreachable);
    const unknownType = { event_type: 'users.unknown', id: 'x' };
    await service.post(batchOf(1, 2, 3, unknownType, 4));
    await service.settled();

    const all = await service.deadLetters();
    expect(all.deadLetters.map(({ original }) => original)).toEqual([4, unknownType, 3, 2, 1]);
    expect(all.counts).toEqual({ not_an_object: 4, unknown_event_type: 1 });
    expect(Date.parse(all.deadLetters[0]!.diedAt)).toBeGreaterThanOrEqual(
      Date.parse(all.deadLetters[0]!.receivedAt),
    );

    const first = await service.deadLetters('?limit=2');
    const last = first.deadLetters.at(-1)!;
    const second = await service.deadLetters(`?limit=2&before=${last.id}`);
    expect([...first.deadLetters, ...second.deadLetters]).toEqual(all.deadLetters.slice(0, 4));

    expect((await service.deadLetters('?reason=unknown_event_type')).deadLetters).toHaveLength(1);
    expect((await service.deadLetters('?event_type=users.unknown')).deadLetters).toHaveLength(1);
    expect((await service.deadLetters('?connection=brand-z')).deadLetters).toEqual([]);
  });

  it.each(['?limit=0', '?limit=1001', '?before=x', '?resaon=x', '?limit=1&limit=2'])(
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
