import { pino } from 'pino';
import { expect, it } from 'vitest';
import { CohortWorld } from '../cohorts/testing/cohort-world.ts';
import { openStorage } from '../storage/open-storage.ts';
import { StorageError } from '../storage/types.ts';

interface Entries {
  entries: { action: string; detail: { id?: string } }[];
}
const entriesOf = async (world: CohortWorld) =>
  ((await (await world.service.get('/api/audit')).json()) as Entries).entries;

it('every change of a cohort sync is noted, and none that was refused', async () => {
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

it('a deed that the log does not take is done all the same, and stands in the service’s own log', async () => {
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
  expect(lines.join('')).toMatch(/an entry of the audit log could not be stored/);
  expect(lines.join('')).toContain('cohort.create');
});

const refuse = () => Promise.reject(new StorageError('full', 'The disk is full.'));
