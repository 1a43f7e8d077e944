import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureAnswer, readWebhookPage } from '../../src/http/webhook.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

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

  it('an unknown connection gets a 404', async () => {
    await using world = await CohortWorld.start();
    expect((await world.webhook({}, { connection: 'nowhere' })).status).toBe(404);
  });

  it('a page of another Mixpanel project is refused where both IDs are known, and nothing of it is stored', async () => {
    await using world = await CohortWorld.start({ MIXPANEL_PROJECT_ID: '777' });
    const { status, body } = await world.push(['ada'], { project: '778' });
    expect(status).toBe(403);
    expect((body.error as { message: string }).message).toMatch(
      /a Mixpanel project other than.*778 instead of 777/,
    );
    expect(await world.rest()).toEqual([]);
    expect((await world.push(['ada'])).status).toBe(200);
    expect(await world.rest()).toHaveLength(1);
  });

  it('an unknown action is refused with its name and the known ones', async () => {
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
    ['a page number that is no digits', page({ total_pages: '1e3', page_count: 1 })],
    ['an empty page number', page({ total_pages: '', page_count: 1 })],
    ['page 0 as a text', page({ total_pages: '1', page_count: '0' })],
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

  it('and has the maximum of members names one fault, for any number of faults', () => {
    const read = readWebhookPage(new TextEncoder().encode(membersOf(`${'1,'.repeat(9_999)}1`)));
    expect(read).toMatchObject({ kind: 'refused', code: 'webhook_malformed' });
    expect(read).toMatchObject({ detail: 'parameters.members: expected a list of objects.' });
  });
});

describe('the answer to a refused page', () => {
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

  it('is shorter than a kilobyte, for any page', () => {
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

it('a page with numbers as texts and without its project is accepted, and leads to the same members', async () => {
  await using world = await CohortWorld.start({ MIXPANEL_PROJECT_ID: '777' });
  await world.users(['ada', 'bob']);
  const part = (number: string, member: string) => ({
    action: 'members',
    parameters: {
      ...{ mixpanel_project_id: null, mixpanel_cohort_id: 12345, mixpanel_cohort_name: 'Text' },
      ...{ mixpanel_session_id: 's', page_info: { total_pages: '2', page_count: number } },
      members: [{ mixpanel_distinct_id: member }],
    },
  });
  expect((await world.webhook(part('1', 'ada'))).status).toBe(200);
  expect((await world.webhook(part('2', 'bob'))).status).toBe(200);
  await world.rest();
  expect(await world.members()).toEqual(['ada', 'bob']);
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

  it('of half a million characters is truncated', async () => {
    await using world = await CohortWorld.start();
    expect((await world.push(['ada'], { name: 'long '.repeat(100_000) })).status).toBe(200);
    expect((await world.sync()).name.length).toBeLessThan(256);
  });
});

function page(page_info: Record<string, unknown> = { total_pages: 1, page_count: 1 }) {
  const parameters = { mixpanel_cohort_id: '1', mixpanel_session_id: 's9', page_info, members: [] };
  return { action: 'members', parameters };
}
