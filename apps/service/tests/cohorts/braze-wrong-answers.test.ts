import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';

const hour = 3_600_000;
const three = ['ada', 'bob', 'cid'];
const track = { BRAZE_PARTNER_API_KEY: '', BRAZE_DATA_IMPORT_KEY: '' };

/** What stands between the service and Braze: answers requests that change members, by their ids, or lets them pass. */
class Gateway {
  answer: ((ids: readonly string[]) => Response | undefined) | undefined;
  /** Ids of each request that was answered or passed on. */
  readonly requests: string[][] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    if (path !== '/users/track' && !path.endsWith('/cohorts/users')) return fetch(input, init);
    const ids = idsIn(JSON.parse(String(init?.body)));
    this.requests.push(ids);
    return this.answer?.(ids) ?? fetch(input, init);
  };
}

function idsIn(body: {
  attributes?: { external_id: string }[];
  cohort_changes?: { user_ids?: string[] }[];
}): string[] {
  return (
    body.attributes?.map(({ external_id }) => external_id) ??
    (body.cohort_changes ?? []).flatMap(({ user_ids = [] }) => user_ids)
  );
}

const json = (body: unknown, status = 201) => Response.json(body, { status });
const page = (status: number) =>
  new Response('<html><head><title>Too much</title></head><body>proxy-17</body></html>', { status });
const xml = (status: number) =>
  new Response('<?xml version="1.0"?><Error><Code>Denied</Code></Error>', { status });

async function runs(world: CohortWorld) {
  const { body } = await world.api('GET', '/12345/history');
  return body.runs as Record<string, unknown>[];
}

const inTrack = (world: CohortWorld) =>
  three.filter(external_id => {
    const { users } = world.braze.model;
    return users.attribute(users.find({ external_id })!, 'mixpanel_cohort_12345') === true;
  });

describe('an answer that is no success counts nobody, keeps a one-time sync open, and is a problem', () => {
  it.each<[string, Record<string, string>, () => Response]>([
    [
      '/users/track: an error without an index, and nothing processed',
      track,
      () =>
        json({
          message: 'success',
          attributes_processed: 0,
          errors: [{ type: 'x', input_array: 'attributes' }],
        }),
    ],
    [
      '/users/track: an error outside the request',
      track,
      () => json({ message: 'success', errors: [{ type: 'x', index: 99 }] }),
    ],
    [
      '/users/track: an error about identifiers',
      track,
      () => json({ message: 'success', errors: [{ type: 'x', input_array: 'user_identifiers', index: 0 }] }),
    ],
    ['/users/track: a fatal message', track, () => json({ message: 'fatal problem' })],
    [
      '/users/track: a fatal message that names one member',
      track,
      () => json({ message: 'fatal problem', errors: [{ type: 'x', input_array: 'attributes', index: 0 }] }),
    ],
    ['/users/track: nothing processed', track, () => json({ message: 'success', attributes_processed: 0 })],
    ['/users/track: XML with 400', track, () => xml(400)],
    ['/users/track: HTML with 413', track, () => page(413)],
    ['partner import: a cohort that is not known', {}, () => json({ message: 'cohort is not known' })],
    ['partner import: XML with 400', {}, () => xml(400)],
    ['partner import: HTML with 413', {}, () => page(413)],
    ['partner import: every member refused', {}, () => json({ message: 'no such luck' }, 400)],
  ])('%s', async (_, environment, answer) => {
    const gateway = new Gateway();
    gateway.answer = answer;
    const mixpanel = new FakeQueryApi();
    mixpanel.put('12345', three);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '12345:one-time', ...environment },
      {
        fetch: (input, init) =>
          String(input).startsWith(FakeQueryApi.origin)
            ? mixpanel.fetch(input, init)
            : gateway.fetch(input, init),
      },
      three,
    );
    const sync = await world.sync();
    expect(sync).toMatchObject({ status: 'active', sentMembers: 3, brazeMembers: 0 });
    expect(sync.problem?.code).toMatch(/^braze_(answer_contradicts|answer_foreign|refuses_members)$/);
    expect(JSON.stringify(sync)).not.toMatch(/<html|<Error|proxy-17/);
    expect(await runs(world)).toMatchObject([{ outcome: 'failed', sent: 3, accepted: 0, added: 0 }]);
    expect(gateway.requests).toHaveLength(5);

    gateway.answer = undefined;
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ status: 'done', brazeMembers: 3, problem: null });
    expect('BRAZE_PARTNER_API_KEY' in environment ? inTrack(world) : await world.members()).toEqual(three);
  });
});

describe('a count below what was sent', () => {
  it('is halved down to the member that stays unproven; the others are accepted, and it is sent again', async () => {
    const gateway = new Gateway();
    const many = Array.from({ length: 75 }, (_, n) => `user-${n}`);
    gateway.answer = ids =>
      json({ message: 'success', attributes_processed: ids.filter(id => id !== 'user-42').length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(many);
    expect(await world.sync()).toMatchObject({ sentMembers: 75, brazeMembers: 74, problem: null });
    expect(await runs(world)).toMatchObject([
      { outcome: 'sent', sent: 75, accepted: 74, added: 74, refused: 0, unproven: 1 },
    ]);
    gateway.requests.length = 0;
    await world.push(many, { session: 's2' });
    await world.rest();
    expect(gateway.requests).toEqual([['user-42']]);
  });

  it('of a one-time sync keeps it open, and the member is sent again after its interval', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      json({ message: 'success', attributes_processed: ids.filter(id => id !== 'bob').length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch }, three);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ status: 'active', brazeMembers: 2, problem: null });
    gateway.answer = undefined;
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ status: 'done', brazeMembers: 3 });
  });

  it('for every member of a large cohort ends the run after a bounded number of requests', async () => {
    const gateway = new Gateway();
    gateway.answer = () => json({ message: 'success', attributes_processed: 0 });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(Array.from({ length: 6_000 }, (_, n) => `user-${n}`));
    expect(await world.sync()).toMatchObject({ brazeMembers: 0, interrupted: true });
    expect(gateway.requests.length).toBeLessThan(340);
    const before = gateway.requests.length;
    await world.clock.advance(5 * 60_000);
    expect(gateway.requests.length - before).toBeLessThan(340);
  });
});

describe('members that Braze refuses, in its own words', () => {
  const refusingBad = (ids: readonly string[]) =>
    ids.some(id => id.endsWith('-bad'))
      ? json({ message: 'an id is not valid' }, 400)
      : json({ message: 'success', attributes_processed: ids.length });
  const refusing = (gateway: Gateway, bad: (id: string) => boolean) => {
    gateway.answer = ids => (ids.some(bad) ? json({ message: 'an id is not valid' }, 400) : undefined);
  };

  it('do not keep a one-time sync open where they are few', async () => {
    const gateway = new Gateway();
    refusing(gateway, id => id === 'bob');
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch }, three);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(three);
    expect(await world.sync()).toMatchObject({
      ...{ status: 'done', sentMembers: 3, brazeMembers: 2, problem: null },
    });
    expect((await runs(world))[0]).toMatchObject({ outcome: 'sent', accepted: 2, refused: 1, unproven: 0 });
  });

  it('are a problem where they are most of what a run sends for the first time, and none when only they are tried again', async () => {
    const gateway = new Gateway();
    const many = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(many);
    await world.rest();
    refusing(gateway, id => id.startsWith('bad'));
    await world.push(['bad-1', 'bad-2', 'good'], { action: 'add_members', session: 's2' });
    expect(await world.sync()).toMatchObject({
      ...{ sentMembers: 23, brazeMembers: 21 },
      problem: { code: 'braze_refuses_members', message: expect.stringContaining('an id is not valid') },
    });
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ sentMembers: 23, brazeMembers: 21, problem: null });
    await world.push(['good-2'], { action: 'add_members', session: 's3' });
    expect(await world.sync()).toMatchObject({ sentMembers: 24, brazeMembers: 22, problem: null });
  });

  it.each([
    ['in one run where they are scattered', (n: number) => n % 75 === 0, 1, 0],
    ['in two runs where many are next to each other', (n: number) => n % 75 === 0 || n % 5_000 < 160, 2, 75],
  ])('are found in a large cohort, and do not keep the others out: %s', async (_, isBad, mostRuns, left) => {
    const gateway = new Gateway();
    const ids = Array.from({ length: 15_000 }, (_, n) => {
      const id = `user-${String(n).padStart(5, '0')}`;
      return isBad(n) ? `${id}-bad` : id;
    });
    const good = ids.filter(id => !id.endsWith('-bad')).length;
    gateway.answer = refusingBad;
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    for (const page of [1, 2, 3])
      await world.push(ids.slice((page - 1) * 5_000, page * 5_000), { page, total: 3 });
    for (let run = 1; run < mostRuns; run++) {
      await world.rest();
      await world.clock.advance(2 * hour);
    }
    const sync = await world.sync();
    expect(sync).toMatchObject({ sentMembers: 15_000, interrupted: false, problem: null });
    expect(sync.brazeMembers).toBeGreaterThanOrEqual(good - left);
    expect(sync.brazeMembers).toBeLessThanOrEqual(good);
  });

  it('do not end the runs that try many of them again', async () => {
    const gateway = new Gateway();
    gateway.answer = refusingBad;
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    const ids = Array.from({ length: 4_000 }, (_, n) => (n % 10 === 0 ? `user-${n}-bad` : `user-${n}`));
    await world.push(ids);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3_600, problem: null });
    await world.push(['zoe'], { action: 'add_members', session: 's2' });
    expect(await world.sync()).toMatchObject({ brazeMembers: 3_601, problem: null, interrupted: false });
  });

  it('count for nothing where Braze only wants smaller requests: a plan with 50 updates a request', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      ids.length > 50
        ? json({ message: 'Max Input Length Exceeded' }, 400)
        : json({ message: 'success', attributes_processed: ids.length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    for (const page of [1, 2, 3])
      await world.push(
        Array.from({ length: 5_000 }, (_, n) => `user-${page}-${n}`),
        { page, total: 3 },
      );
    expect(await world.sync()).toMatchObject({ brazeMembers: 15_000, problem: null });
    expect(gateway.requests).toHaveLength(600);
  });
});

describe('an answer with remarks that deny nothing', () => {
  it.each([
    ['texts', ['minor problem with one value']],
    ['null', null],
    ['an empty object', {}],
    ['a list of null', [null]],
    ['a text', 'minor problem'],
  ])('counts everybody as accepted: errors as %s', async (_, errors) => {
    const gateway = new Gateway();
    gateway.answer = ids => json({ message: 'success', attributes_processed: ids.length, errors });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
    expect(gateway.requests).toHaveLength(1);
  });

  it.each([
    ['no body', () => new Response(null, { status: 204 })],
    ['an empty object', () => json({})],
    ['a queued request', () => json({ message: 'queued' }, 202)],
  ])('counts everybody as accepted: %s of the partner import', async (_, answer) => {
    const gateway = new Gateway();
    gateway.answer = answer;
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
  });
});

describe('a page in place of an answer', () => {
  it('with 200 is sent again a few times, then the run fails and says what answered', async () => {
    const gateway = new Gateway();
    gateway.answer = () => page(200);
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(three);
    const { problem, brazeMembers } = await world.sync();
    expect(brazeMembers).toBe(0);
    expect(problem?.code).toBe('braze_answer_foreign');
    expect(problem?.message).toContain('an HTML page titled "Too much"');
    expect(gateway.requests).toHaveLength(6);
  });

  it('without an end is not read to its end', async () => {
    const gateway = new Gateway();
    let bytes = 0;
    gateway.answer = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            bytes += 65_536;
            controller.enqueue(new Uint8Array(65_536).fill(32));
          },
        }),
        { status: 201 },
      );
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({
      brazeMembers: 0,
      problem: { code: 'braze_unreachable' },
    });
    expect(bytes).toBeLessThan(6 * 8 * 65_536);
  });

  it('for one member alone leaves that member unproven, and the others arrive', async () => {
    const gateway = new Gateway();
    gateway.answer = ids => (ids.includes('bob') ? xml(400) : undefined);
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch }, three);
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 2, problem: { code: 'braze_answer_foreign' } });
    expect(await world.members()).toEqual(['ada', 'cid']);
    gateway.answer = undefined;
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
    expect(await world.members()).toEqual(three);
  });
});
