import { openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { expect, it, vi } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

/** A service whose cohort storage refuses every write while `refuses` returns `true`. */
async function worldWithFailures(environment: Record<string, string> = {}, users: readonly string[] = []) {
  const trouble = { refuses: false };
  let storage: Storage | undefined;
  const world = await CohortWorld.start(
    environment,
    {
      openStorage: async url => {
        storage = await openStorage(url);
        const { cohorts } = storage;
        const commit: typeof cohorts.commit = change =>
          trouble.refuses
            ? Promise.reject(new StorageError('full', 'The disk is full.'))
            : cohorts.commit(change);
        return { ...storage, cohorts: { ...cohorts, commit } };
      },
    },
    users,
  );
  /** The state that a restart would load. */
  const stored = async () => {
    const documents = await storage!.cohorts.documents();
    const syncs = documents.filter(({ key }) => key.startsWith('sync:'));
    return syncs.map(({ text }) => JSON.parse(text) as { id: string; status: string; source: string });
  };
  const shown = async () => (await world.rest()).map(({ id, status, source }) => ({ id, status, source }));
  return { world, trouble, stored, shown };
}

const one = { cohort: '1', source: 'webhook', sink: 'track' };

it.each([
  ['making a sync', (world: CohortWorld) => world.api('POST', '', { ...one, cohort: '2' })],
  [
    'making a paused one',
    (world: CohortWorld) => world.api('POST', '', { ...one, cohort: '2', start: false }),
  ],
  ['pushing a cohort that has none', (world: CohortWorld) => world.push(['ada'], { cohort: '2' })],
  ['pausing it', (world: CohortWorld) => world.api('POST', '/1/pause')],
  ['starting it', (world: CohortWorld) => world.api('POST', '/1/start')],
  ['deleting it', (world: CohortWorld) => world.api('DELETE', '/1')],
])(
  '%s that storage refuses gets a 503 and leaves the shown state equal to the stored one',
  async (_, act) => {
    const { world, trouble, stored, shown } = await worldWithFailures();
    await using _world = world;
    await world.api('POST', '', one);
    const before = await shown();
    trouble.refuses = true;
    expect((await act(world)).status).toBe(503);
    trouble.refuses = false;
    expect(await shown()).toEqual(before);
    expect(await stored()).toMatchObject(before);
    expect((await act(world)).status).toBeLessThan(300);
  },
);

it('a sync created as paused is stored as paused: a crash after the answer does not start it', async () => {
  const { world, stored } = await worldWithFailures();
  await using _world = world;
  expect((await world.api('POST', '', { ...one, start: false })).status).toBe(201);
  expect(await stored()).toMatchObject([{ status: 'paused' }]);
});

it('members that were read back while storage refuses the result are not read back again at once', async () => {
  const track = { BRAZE_PARTNER_API_KEY: '', BRAZE_DATA_IMPORT_KEY: '' };
  const { world, trouble } = await worldWithFailures(track, ['ada']);
  await using _world = world;
  await world.push(['ada']);
  await world.rest();
  trouble.refuses = true;
  const exports = () => world.requests('users-export-ids').length;
  const moved = world.clock.advance(19 * 60_000);
  // With a service that repeats at once the clock would never advance.
  await Promise.race([moved, vi.waitFor(() => expect(exports()).toBeGreaterThan(1)).catch(() => {})]);
  expect(exports()).toBe(1);
  trouble.refuses = false;
  await world.clock.advance(60_000);
  expect(await world.sync()).toMatchObject({ confirmedMembers: 1, confirmedOf: 1 });
});
