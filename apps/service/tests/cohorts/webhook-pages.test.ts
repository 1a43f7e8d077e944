import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

const ids = (count: number, prefix = 'user-') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('pages of a pushed cohort', () => {
  it('pages out of order make the same cohort', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid']);
    for (const [page, id] of [
      [3, 'cid'],
      [1, 'ada'],
      [2, 'bob'],
    ] as const)
      await world.push([id], { page, total: 3 });
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob', 'cid']);
  });

  it('repeated pages change nothing, neither before the end of the session nor after it', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['ada'], { page: 1, total: 2 });
    await world.push(['ada'], { page: 1, total: 2 });
    await world.push(['bob'], { page: 2, total: 2 });
    await world.rest();
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    await world.push(['ada'], { page: 1, total: 2 });
    await world.push(['bob'], { page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['bob']);
  });

  it('an incomplete session removes no member', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.push(['ada'], { session: 's2', page: 1, total: 2 });
    await world.clock.advance(24 * 3_600_000);
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
  });

  it('a session that starts again with other pages counts with its last pages', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid']);
    await world.push(['ada'], { page: 1, total: 3 });
    await world.push(['bob'], { page: 1, total: 2 });
    await world.push(['cid'], { page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['bob', 'cid']);
  });

  it('two sessions at once are kept apart; the list that began later is used', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid', 'dan']);
    await world.push(['ada'], { session: 's1', page: 1, total: 2 });
    await world.push(['cid'], { session: 's2', page: 1, total: 2 });
    await world.push(['dan'], { session: 's2', page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['cid', 'dan']);
    await world.push(['bob'], { session: 's1', page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['cid', 'dan']);
  });

  it('1,001 members in one page are all accepted, and sent in two requests', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(1_001));
    expect((await world.push(ids(1_001))).status).toBe(200);
    await world.rest();
    expect(await world.members()).toHaveLength(1_001);
    expect(world.requests('partner-cohorts-users')).toHaveLength(2);
  });

  it('members without IDs are counted, those with IDs that Braze cannot know are listed', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada', '$device:1', { email: 'x@example.com' }, { mixpanel_distinct_id: null }]);
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 4, brazeMembers: 1, unmatched: 3 });
    expect((await world.api('GET', '/12345/unmatched')).body).toEqual({ unmatched: ['$device:1'] });
    expect(await world.members()).toEqual(['ada']);
  });

  it('placeholders that Mixpanel refuses for events are not sent from a cohort either, and are counted by reason', async () => {
    await using world = await CohortWorld.start();
    const placeholders = ['null', 'undefined', '0', '-1'];
    await world.users(['ada', ...placeholders]);
    await world.push(['ada', ...placeholders, '$device:1', ' \t']);
    const counts = {
      ...{ mixpanelMembers: 7, unmatched: 6 },
      unmatchedBecause: { noId: 1, refusedId: 4, noUser: 1 },
    };
    expect(await world.sync()).toMatchObject(counts);
    expect((await world.api('GET', '/12345/history')).body).toMatchObject({ runs: [counts] });
    expect((await world.api('GET', '/12345/unmatched')).body).toEqual({
      unmatched: ['-1', '0', 'null', 'undefined', '$device:1'],
    });
    expect(await world.members()).toEqual(['ada']);
  });

  it('IDs that only look like placeholders are sent, and shown', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', '[object Object]']);
    await world.push(['ada', '[object Object]']);
    expect(await world.sync()).toMatchObject({ unmatched: 0, placeholderIds: ['[object Object]'] });
    expect(await world.members()).toEqual(['[object Object]', 'ada']);
  });

  it('a renamed cohort is renamed in Braze, its members stay', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada']);
    await world.rest();
    await world.push([], { action: 'add_members', session: 's2', name: 'Heroes' });
    await world.rest();
    expect(await world.nameInBraze()).toBe('Heroes');
    expect(await world.members()).toEqual(['ada']);
  });

  it('a user who joins and leaves within one window has the state of the last list', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['bob']);
    await world.push(['ada', 'bob'], { action: 'add_members', session: 's2' });
    await world.push(['ada', 'bob'], { action: 'remove_members', session: 's2' });
    await world.push(['bob'], { action: 'add_members', session: 's3' });
    await world.rest();
    expect(await world.members()).toEqual(['bob']);
  });

  it('IDs of any UTF-8 arrive unchanged', async () => {
    const strange = [
      'a\u0000',
      ' a ',
      'ä',
      'a\u0308',
      '\u{1F600}',
      '\uFF21',
      '\u{10FFFF}',
      '"\\',
      'x\ny',
      '__proto__',
    ];
    await using world = await CohortWorld.start();
    await world.users(strange);
    await world.push(strange);
    await world.rest();
    expect(await world.members()).toEqual([...strange].sort());
    await world.push(['\u{1F600}'], { action: 'remove_members', session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(strange.filter(id => id !== '\u{1F600}').sort());
  });
});
