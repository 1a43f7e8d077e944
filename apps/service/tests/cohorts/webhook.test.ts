import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openStorage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureAnswer, readWebhookPage } from '../../src/http/webhook.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';

const ids = (count: number, prefix = 'user-') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('a cohort that Mixpanel pushes', () => {
  it('is in Braze once all of its pages came, and follows what joins and leaves', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid']);

    expect(await world.push(['ada'], { page: 1, total: 2 })).toEqual({
      status: 200,
      body: { action: 'members', status: 'success' },
    });
    await world.rest();
    expect(await world.members()).toBeUndefined();

    await world.push(['bob'], { page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
    expect(await world.nameInBraze()).toBe('Power users');

    await world.push(['cid'], { action: 'add_members', session: 's2' });
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(['bob', 'cid']);
  });

  it('sends only what changed', async () => {
    await using world = await CohortWorld.start();
    await world.push(ids(100));
    await world.rest();
    await world.push([...ids(99), 'new'], { session: 's2' });
    await world.rest();
    const { body } = await world.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([
      { trigger: 'webhook', outcome: 'sent', added: 1, removed: 1, requests: 1, fullSend: false },
      { trigger: 'webhook', outcome: 'sent', added: 100, removed: 0, requests: 1, fullSend: true },
    ]);
  });

  it('may begin with a difference, as one documented example does', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada'], { action: 'add_members' });
    await world.rest();
    expect(await world.members()).toEqual(['ada']);
  });

  it('removes who leaves a cohort of which nothing is stored any more', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.api('DELETE', '/12345');
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(['bob']);
  });

  it('that nobody pushes any more says so after three intervals, until it is pushed again or paused', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    const interval = 2 * 3_600_000;
    await world.clock.advance(2 * interval);
    await world.push([], { action: 'add_members', session: 's2' });
    await world.rest();
    await world.clock.advance(3 * interval - 1);
    expect((await world.sync()).problem).toBeNull();
    await world.clock.advance(1);
    const { cohorts } = await world.service.connection();
    expect(cohorts).toMatchObject([
      { problem: { code: 'cohort_push_silent', at: '2026-03-01T10:00:00.000Z' }, brazeMembers: 1 },
    ]);
    await world.push([], { action: 'add_members', session: 's3' });
    expect((await world.sync()).problem).toBeNull();
    await world.api('POST', '/12345/pause');
    await world.clock.advance(9 * interval);
    expect((await world.sync()).problem).toBeNull();
  });

  it('takes a difference without members, which Mixpanel sends too, without sending anything', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    expect((await world.push([], { action: 'add_members', session: 's2' })).status).toBe(200);
    await world.rest();
    expect(world.requests('partner-cohorts-users')).toHaveLength(1);
  });
});

describe('bad input at the webhook', () => {
  it.each([
    ['a wrong password', { password: 'guess' }],
    ['a wrong user name', { user: 'somebody' }],
  ])('%s is 401 and nothing is taken', async (_, credentials) => {
    await using world = await CohortWorld.start();
    const answer = await world.webhook({ action: 'members' }, credentials);
    expect(answer).toMatchObject({ status: 401, body: { status: 'failure', error: { code: 401 } } });
    expect(await world.rest()).toEqual([]);
  });

  it('an unknown connection is 404', async () => {
    await using world = await CohortWorld.start();
    expect((await world.webhook({}, { connection: 'nowhere' })).status).toBe(404);
  });

  it('a page of another Mixpanel project is refused where both are known, and nothing of it is taken', async () => {
    await using world = await CohortWorld.start({ MIXPANEL_PROJECT_ID: '777' });
    const { status, body } = await world.push(['ada'], { project: '778' });
    expect(status).toBe(403);
    expect((body.error as { message: string }).message).toMatch(
      /another Mixpanel project than MIXPANEL_PROJECT_ID.*778 instead of 777/,
    );
    expect(await world.rest()).toEqual([]);
    expect((await world.push(['ada'])).status).toBe(200);
    expect(await world.rest()).toHaveLength(1);
  });

  it('an unknown action is refused with the action and what was expected', async () => {
    await using world = await CohortWorld.start();
    const { status, body } = await world.push(['ada'], { action: 'rename_members' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ action: 'rename_members', status: 'failure', error: { code: 400 } });
    expect((body.error as { message: string }).message).toContain(
      'unknown action "rename_members"; expected members, add_members, remove_members',
    );
  });

  it.each<[string, unknown]>([
    [
      'no page info',
      { action: 'members', parameters: { mixpanel_cohort_id: '1', mixpanel_session_id: 's', members: [] } },
    ],
    ['a page beyond the last', page({ total_pages: 1, page_count: 2 })],
    ['page 0', page({ total_pages: 1, page_count: 0 })],
    ['no members', { action: 'members', parameters: { page_info: { total_pages: 1, page_count: 1 } } }],
    ['members that are no objects', { ...page(), parameters: { ...page().parameters, members: ['ada'] } }],
    ['a list', []],
    ['null', null],
    ['something that is no JSON', '{"action":'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('%s is 400 and removes nobody', async (_, body) => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada'], { cohort: '1' });
    await world.rest();
    expect(await world.webhook(body)).toMatchObject({ status: 400, body: { status: 'failure' } });
    await world.rest();
    expect(await world.members('1')).toEqual(['ada']);
  });

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

  it('repeated pages change nothing, neither on the way nor afterwards', async () => {
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

  it('a session whose pages never all come removes nobody', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.push(['ada'], { session: 's2', page: 1, total: 2 });
    await world.clock.advance(24 * 3_600_000);
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
  });

  it('a session that starts again from the top with other pages counts as it was sent last', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid']);
    await world.push(['ada'], { page: 1, total: 3 });
    await world.push(['bob'], { page: 1, total: 2 });
    await world.push(['cid'], { page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['bob', 'cid']);
  });

  it('two sessions at once are kept apart; the list that began later stands', async () => {
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

  it('1,001 members in one page are all taken, and sent in two requests', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(1_001));
    expect((await world.push(ids(1_001))).status).toBe(200);
    await world.rest();
    expect(await world.members()).toHaveLength(1_001);
    expect(world.requests('partner-cohorts-users')).toHaveLength(2);
  });

  it('members without ids are counted, those whom Braze can not know are listed', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada', '$device:1', { email: 'x@example.com' }, { mixpanel_distinct_id: null }]);
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 4, brazeMembers: 1, unmatched: 3 });
    expect((await world.api('GET', '/12345/unmatched')).body).toEqual({ unmatched: ['$device:1'] });
    expect(await world.members()).toEqual(['ada']);
  });

  it('placeholders that Mixpanel refuses for events are not sent from a cohort either, and counted by reason', async () => {
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

  it('ids that only look like placeholders are sent, and shown', async () => {
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

  it('who joins and leaves in one window is where the last word has them', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['bob']);
    await world.push(['ada', 'bob'], { action: 'add_members', session: 's2' });
    await world.push(['ada', 'bob'], { action: 'remove_members', session: 's2' });
    await world.push(['bob'], { action: 'add_members', session: 's3' });
    await world.rest();
    expect(await world.members()).toEqual(['bob']);
  });

  it('ids of any UTF-8 arrive as they are', async () => {
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

describe('a page that is larger than any of Mixpanel', () => {
  const membersOf = (members: string) =>
    `{"action":"members","parameters":{"mixpanel_cohort_id":"1","mixpanel_session_id":"s","page_info":{"total_pages":1,"page_count":1},"members":[${members}]}}`;

  it.each([
    ['2.4 million numbers', membersOf(`${'1,'.repeat(2_400_000)}1`)],
    ['3.3 million empty members', membersOf(`${'{},'.repeat(3_300_000)}{}`)],
    ['10,001 members', membersOf(`${'{},'.repeat(10_000)}{}`)],
  ])('(%s) is 413 in a short answer, before it is looked at', async (_, body) => {
    await using world = await CohortWorld.start();
    const { status, body: answer } = await world.webhook(body);
    expect(status).toBe(413);
    expect(answer).toMatchObject({ status: 'failure', error: { code: 413 } });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
    expect(await world.rest()).toEqual([]);
  });

  it('with as many members as are taken names one fault, however many are at fault', () => {
    const read = readWebhookPage(new TextEncoder().encode(membersOf(`${'1,'.repeat(9_999)}1`)));
    expect(read).toMatchObject({ kind: 'refused', code: 'webhook_malformed' });
    expect(read).toMatchObject({ detail: 'parameters.members: expected a list of objects.' });
  });
});

describe('the answer to a page that is refused', () => {
  const long = fc
    .constantFrom('x', '\u0000', '"', '\u{1F600}', '__proto__')
    .map(text => text.repeat(100_000));
  const value = fc.oneof({ maxDepth: 2 }, fc.jsonValue({ stringUnit: 'binary' }), long);
  const field = (right: unknown) => fc.oneof(fc.constant(right), value);
  const parameters = fc.record(
    {
      ...{ mixpanel_cohort_id: field('1'), mixpanel_session_id: field('s'), mixpanel_project_id: value },
      ...{ mixpanel_cohort_name: field('n'), page_info: field({ total_pages: 1, page_count: 1 }) },
      members: field([]),
    },
    { requiredKeys: [] },
  );
  const body = fc.record({ action: field('members'), parameters: fc.oneof(parameters, value) });

  it('is shorter than a kilobyte, whatever came', () => {
    fc.assert(
      fc.property(body, page => {
        const read = readWebhookPage(new TextEncoder().encode(JSON.stringify(page)));
        if (read.kind === 'page') return;
        const answer = JSON.stringify(failureAnswer(read.action, read.code, read.detail).body);
        expect(new TextEncoder().encode(answer).length).toBeLessThan(1_024);
      }),
      { numRuns: 300 },
    );
  });
});

describe('sessions that never end', () => {
  const pagesOf = async (world: CohortWorld) =>
    (await world.storage.cohorts.groups('default:12345')).map(({ seen }) => seen);

  it('are forgotten with their pages when no page of them came for COHORT_PAGE_RETENTION', async () => {
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

  it('are forgotten when a newer full list is complete', async () => {
    await using world = await CohortWorld.start();
    for (const action of ['members', 'add_members', 'remove_members'])
      await world.push(['ada'], { action, session: `s ${action}`, page: 1, total: 3 });
    expect(await pagesOf(world)).toEqual([1, 1, 1]);
    await world.push(['bob'], { session: 'new' });
    await world.rest();
    expect(await pagesOf(world)).toEqual([]);
  });

  it('are bounded in number: a page of one more is 429, which Mixpanel sends again, and open ones go on', async () => {
    await using world = await CohortWorld.start();
    for (let n = 0; n < 100; n++)
      expect((await world.push(['ada'], { session: `s${n}`, page: 1, total: 2 })).status).toBe(200);
    const refused = await world.push(['ada'], { session: 'one more', page: 1, total: 2 });
    expect(refused).toMatchObject({ status: 429, body: { status: 'failure', error: { code: 429 } } });
    expect((await world.push(['bob'], { session: 's99', page: 2, total: 2 })).status).toBe(200);
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 2 });
  });
});

it('a page that finds no room on the disk is 503, and the service stays ready and takes events', async () => {
  const { bavail, bsize } = statfsSync(tmpdir());
  await using world = await CohortWorld.start(
    {},
    { openStorage: url => openStorage(url, { minFreeBytes: (bavail * bsize) / 1.1 }) },
  );
  const { status, body } = await world.push(['ada']);
  expect([status, body.status]).toEqual([503, 'failure']);
  expect((await world.service.get('/readyz')).status).toBe(200);
  expect((await world.service.post(batchOf(emailSend()))).status).toBe(200);
});

describe('cohorts that are pushed without a sync', () => {
  it('get one up to COHORT_PUSH_MAX; one more is 429 and leaves nothing, and those there are go on', async () => {
    await using world = await CohortWorld.start({ COHORT_PUSH_MAX: '2' });
    await world.api('POST', '', { cohort: '9', source: 'webhook' });
    for (const cohort of ['1', '2', '9']) expect((await world.push(['ada'], { cohort })).status).toBe(200);
    const refused = await world.push(['ada'], { cohort: '3' });
    expect(refused.status).toBe(429);
    expect((refused.body.error as { message: string }).message).toContain('raise COHORT_PUSH_MAX');
    expect((await world.rest()).map(({ cohort }) => cohort)).toEqual(['9', '1', '2']);
    const metrics = await (await world.service.get('/metrics')).text();
    expect(metrics).toContain(
      'cohort_pages_refused_total{connection="default",code="webhook_too_many_cohorts"} 1',
    );
    expect((await world.push(['bob'], { cohort: '2', session: 's2' })).status).toBe(200);
    await world.rest();
    await world.api('DELETE', '/1');
    expect((await world.push(['ada'], { cohort: '3' })).status).toBe(200);
  });
});

const hour = 3_600_000;

describe('the id of a pushed cohort', () => {
  it.each([
    ...['', ' ', '\t', '\u00a0', '\ufeff', '9\u0000', '9/', '9\ud83c', '__proto__', '-1', '1.5', '1e3'],
    ...['x'.repeat(3_000), '1'.repeat(21), 1e21, 0.5, null, {}],
  ])('is digits, as in the API: %j is refused, and no sync is made', async id => {
    await using world = await CohortWorld.start();
    const { status } = await world.webhook({
      ...page(),
      parameters: { ...page().parameters, mixpanel_cohort_id: id },
    });
    expect(status).toBe(400);
    expect(await world.rest()).toEqual([]);
  });

  it('may be a number', async () => {
    await using world = await CohortWorld.start();
    const parameters = { ...page().parameters, mixpanel_cohort_id: 678 };
    expect((await world.webhook({ ...page(), parameters })).status).toBe(200);
    expect(await world.rest()).toMatchObject([{ cohort: '678' }]);
  });
});

describe('the name of a pushed cohort', () => {
  it.each(['', '\t', '\u00a0', '\ufeff'])('of blanks (%j) is replaced by one after its id', async name => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada'], { name });
    expect(await world.sync()).toMatchObject({ name: 'Mixpanel cohort 12345', problem: null });
    expect(await world.nameInBraze()).toBe('Mixpanel cohort 12345');
    expect(await world.members()).toEqual(['ada']);
  });

  it('of half a million characters is cut', async () => {
    await using world = await CohortWorld.start();
    expect((await world.push(['ada'], { name: 'long '.repeat(100_000) })).status).toBe(200);
    expect((await world.sync()).name.length).toBeLessThan(256);
  });
});

function page(page_info = { total_pages: 1, page_count: 1 }) {
  const parameters = { mixpanel_cohort_id: '1', mixpanel_session_id: 's9', page_info, members: [] };
  return { action: 'members', parameters };
}
