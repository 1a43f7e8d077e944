import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

const hour = 3_600_000;

describe('sessions that never end', () => {
  const pagesOf = async (world: CohortWorld) =>
    (await world.storage.cohorts.groups('default:12345')).map(({ seen }) => seen);

  it('are deleted with their pages when no page of them arrived for COHORT_PAGE_RETENTION', async () => {
    await using world = await CohortWorld.start({ COHORT_PAGE_RETENTION: '6h' });
    await world.push(['ada'], { session: 'abandoned', page: 1, total: 3 });
    await world.clock.advance(4 * hour);
    await world.push(['bob'], { session: 'slow', page: 1, total: 3 });
    await world.clock.advance(4 * hour);
    expect(await pagesOf(world)).toEqual([1]);
    await world.push(['cid'], { session: 'slow', page: 2, total: 3 });
    await world.clock.advance(5 * hour);
    expect(await pagesOf(world)).toEqual([2]);
    await world.clock.advance(3 * hour);
    expect(await pagesOf(world)).toEqual([]);
  });

  it('are deleted when a newer full list is complete', async () => {
    await using world = await CohortWorld.start();
    for (const action of ['members', 'add_members', 'remove_members'])
      await world.push(['ada'], { action, session: `s ${action}`, page: 1, total: 3 });
    expect(await pagesOf(world)).toEqual([1, 1, 1]);
    await world.push(['bob'], { session: 'new' });
    await world.rest();
    expect(await pagesOf(world)).toEqual([]);
  });

  it('are limited in number: a page of one more gets a 429, which Mixpanel sends again, and open ones continue', async () => {
    await using world = await CohortWorld.start();
    for (let n = 0; n < 100; n++)
      expect((await world.push(['ada'], { session: `s${n}`, page: 1, total: 2 })).status).toBe(200);
    const refused = await world.push(['ada'], { session: 'one more', page: 1, total: 2 });
    expect(refused).toMatchObject({ status: 429, body: { status: 'failure', error: { code: 429 } } });
    expect((await world.push(['bob'], { session: 's99', page: 2, total: 2 })).status).toBe(200);
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 2 });
  });
});
