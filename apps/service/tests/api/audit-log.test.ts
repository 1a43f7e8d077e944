import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { boundedDetail } from '../../src/audit/audit-logger.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

interface Entries {
  entries: { action: string; detail: { id?: string } }[];
}
const entriesOf = async (world: CohortWorld) =>
  ((await (await world.service.get('/api/audit')).json()) as Entries).entries;

it('every change of a cohort sync is logged, and no refused one', async () => {
  await using world = await CohortWorld.start();
  await world.api('POST', '', { cohort: '12345', source: 'webhook', sink: 'track', start: false });
  for (const verb of ['start', 'pause', 'run', 'confirm', 'dry-run'])
    await world.api('POST', `/12345/${verb}`);
  await world.rest();
  await world.api('DELETE', '/12345');
  await world.api('DELETE', '/12345');
  const entries = await entriesOf(world);
  expect(entries.map(({ action }) => action).reverse()).toEqual([
    ...['cohort.create', 'cohort.start', 'cohort.pause', 'cohort.run', 'cohort.delete'],
  ]);
  expect(entries[0]).toMatchObject({
    actor: 'operator at 127.0.0.1',
    detail: { id: expect.stringContaining('12345') },
  });
});

it('an action whose audit entry fails is still done, and is in the service’s own log', async () => {
  const lines: string[] = [];
  await using world = await CohortWorld.start(
    {},
    {
      logger: pino({ level: 'error' }, { write: line => void lines.push(line) }),
      openStorage: async url => {
        const storage = await openStorage(url);
        return { ...storage, audit: { ...storage.audit, append: refuse } };
      },
    },
  );
  const answer = await world.api('POST', '', { cohort: '12345', source: 'webhook', sink: 'track' });
  expect(answer.status).toBe(201);
  expect(lines.join('')).toMatch(/an audit log entry could not be stored/);
  expect(lines.join('')).toContain('cohort.create');
});

it('an entry is limited in size, for any texts of an action, and has their lengths', async () => {
  const reason = 'x'.repeat(20_000);
  expect(boundedDetail({ reason, replayed: 0 })).toBe(
    JSON.stringify({ reason: `${'x'.repeat(200)}… (20000 characters)`, replayed: 0 }),
  );
  const fix = Array.from({ length: 100 }, () => ({ rename: reason, to: reason }));
  expect(JSON.parse(boundedDetail({ fix, replayed: 3 }))).toEqual({ fix: '100 entries', replayed: 3 });
  const ids = Array.from({ length: 1_000 }, (_, n) => 10_000_000 + n);
  expect(JSON.parse(boundedDetail({ ids }))).toEqual({ ids });
});

it('replays that match nothing leave short entries, and one with a long reason is refused', async () => {
  await using world = await CohortWorld.start();
  const replay = (body: unknown) =>
    world.service.post(body, { path: '/api/dead-letters/replay', headers: asOperator });
  for (const reason of ['x'.repeat(20_000), '\u0000', '\ud83c'])
    expect((await replay({ reason })).status).toBe(400);
  const event_type = 'y'.repeat(20_000);
  for (let n = 0; n < 20; n++) expect((await replay({ event_type })).status).toBe(200);
  const text = await (await world.service.get('/api/audit?limit=1000')).text();
  expect(text.match(/dead_letters\.replay/g)).toHaveLength(20);
  expect(text.length).toBeLessThan(20 * 1_000);
});

const refuse = () => Promise.reject(new StorageError('full', 'The disk is full.'));
