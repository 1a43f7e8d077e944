import { createClock } from '@braze-mixpanel/simulator-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMockMixpanel, type MockMixpanel } from '../index.ts';

const hour = 3_600_000;
const webhook = {
  type: 'webhook',
  url: 'http://service.example/webhooks/mixpanel/default',
  username: 'mixpanel',
  password: 'webhook-pass',
};
const braze = { type: 'braze', restEndpoint: 'http://braze.example/', dataImportKey: 'import-key' };

/** A request as a destination got it: a webhook call or a request of the partner cohort API. */
interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly action: string;
    readonly parameters: {
      readonly members: Record<string, unknown>[];
      readonly page_info: { readonly total_pages: number; readonly page_count: number };
      readonly mixpanel_session_id: string;
    };
    readonly cohort_changes?: { readonly user_ids: string[]; readonly should_remove: boolean }[];
  };
}

let mixpanel: MockMixpanel;
let sent: Sent[];
let waits: number[];
/** What the destination does with each request; taken by default. */
let answer: (sent: Sent) => Response | Promise<Response>;

const taken = ({ body }: Sent) =>
  body.action !== undefined
    ? Response.json({ action: body.action, status: 'success' })
    : Response.json({ message: 'success' }, { status: 201 });

beforeEach(() => {
  sent = [];
  waits = [];
  answer = taken;
  mixpanel = createMockMixpanel({
    clock: createClock({ start: Date.parse('2026-01-31T12:00:00Z'), frozen: true }),
    fetch: async (url, init) => {
      const request = {
        url: String(url),
        authorization: new Headers(init?.headers).get('authorization') ?? undefined,
        body: JSON.parse(String(init?.body)),
      };
      sent.push(request);
      return answer(request);
    },
    delay: async milliseconds => {
      waits.push(milliseconds);
    },
  });
  return () => mixpanel.close();
});

async function control(method: string, path: string, body?: unknown) {
  const [pathname = '', search] = path.split('?');
  const result = await mixpanel.simulator.dispatch({
    method,
    path: `/_sim/${pathname}`,
    query: new URLSearchParams(search),
    headers: {},
    readBody: async () => new TextEncoder().encode(JSON.stringify(body)),
  });
  if (result.kind !== 'respond') throw new Error(`no answer: ${result.kind}`);
  return result as { status: number; body: Record<string, unknown> };
}

const ids = (count: number, prefix = 'user') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const putCohort = (members: unknown[], name = 'VIPs') =>
  control('PUT', 'cohorts/12345', { name, description: 'Spenders', members });
const changeMembers = (add: unknown[], remove: string[] = []) =>
  control('POST', 'cohorts/12345/members', { add, remove });
/** Makes a sync and waits for its first run. */
async function sync(destination: unknown, more: Record<string, unknown> = {}): Promise<string> {
  const { body, status } = await control('POST', 'syncs', { cohort: 12345, destination, ...more });
  expect(status).toBe(201);
  await mixpanel.clock.advance(0);
  return String(body.id);
}
const shown = async (id: string) =>
  (await control('GET', `syncs/${id}`)).body as {
    state: string;
    history: Record<string, unknown>[];
  } & Record<string, unknown>;
const lastRun = async (id: string) => (await shown(id)).history[0];
const summary = ({ body }: Sent) => {
  const { members, page_info } = body.parameters;
  return [body.action, members.length, `${page_info.page_count}/${page_info.total_pages}`];
};
const memberIds = (action: string) =>
  sent
    .filter(({ body }) => body.action === action)
    .flatMap(({ body }) => body.parameters.members.map(member => member.mixpanel_distinct_id));

describe('a sync to a webhook', () => {
  it('sends the whole cohort first, in pages of 1,000 of one session, with Basic auth', async () => {
    await putCohort(ids(2_001));
    const id = await sync(webhook);
    expect(sent.map(summary)).toEqual([
      ['members', 1_000, '1/3'],
      ['members', 1_000, '2/3'],
      ['members', 1, '3/3'],
    ]);
    expect(new Set(sent.map(({ body }) => body.parameters.mixpanel_session_id)).size).toBe(1);
    expect(new Set(memberIds('members')).size).toBe(2_001);
    expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('mixpanel:webhook-pass').toString('base64')}`);
    expect(await lastRun(id)).toMatchObject({
      kind: 'full',
      members: 2_001,
      joined: 2_001,
      left: 0,
      requests: 3,
      outcome: 'succeeded',
    });
  });

  it('writes a call exactly as documented', async () => {
    await putCohort([
      {
        distinct_id: 'ada',
        properties: {
          $email: 'ada@example.com',
          $first_name: 'Ada',
          $last_name: 'L',
          $phone: '+1',
          $braze_external_id: 'ada-1',
          plan: 'pro',
        },
      },
    ]);
    await sync(webhook);
    expect(sent[0]).toEqual({
      url: webhook.url,
      authorization: expect.any(String),
      body: {
        action: 'members',
        parameters: {
          mixpanel_project_id: '12345',
          mixpanel_cohort_name: 'VIPs',
          mixpanel_cohort_id: '12345',
          mixpanel_cohort_description: 'Spenders',
          mixpanel_session_id: expect.stringMatching(/^[0-9a-f-]{35}$/),
          page_info: { total_pages: 1, page_count: 1 },
          members: [
            {
              email: 'ada@example.com',
              mixpanel_distinct_id: 'ada',
              first_name: 'Ada',
              last_name: 'L',
              phone_number: '+1',
              $braze_external_id: 'ada-1',
              plan: 'pro',
            },
          ],
        },
      },
    });
  });

  it('sends what changed every two hours, and not a millisecond before', async () => {
    await putCohort(['ada', 'bob']);
    await sync(webhook);
    sent = [];
    await changeMembers(['carl'], ['ada']);
    await mixpanel.clock.advance(2 * hour - 1);
    expect(sent).toEqual([]);
    await mixpanel.clock.advance(1);
    expect(sent.map(summary)).toEqual([
      ['add_members', 1, '1/1'],
      ['remove_members', 1, '1/1'],
    ]);
    expect([memberIds('add_members'), memberIds('remove_members')]).toEqual([['carl'], ['ada']]);
  });

  it('sends empty differences too, and an empty cohort', async () => {
    await putCohort([]);
    await sync(webhook, { interval: '30m' });
    await mixpanel.clock.advance(hour / 2);
    expect(sent.map(summary)).toEqual([
      ['members', 0, '1/1'],
      ['add_members', 0, '1/1'],
      ['remove_members', 0, '1/1'],
    ]);
  });

  it('once runs once, and again only by hand', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook, { mode: 'one-time' });
    await mixpanel.clock.advance(10 * hour);
    expect([sent.length, (await shown(id)).state]).toEqual([1, 'done']);
    await control('POST', `syncs/${id}/run`);
    expect(sent.slice(1).map(summary)).toEqual([
      ['add_members', 0, '1/1'],
      ['remove_members', 0, '1/1'],
    ]);
  });
});

describe('a destination that fails', () => {
  it.each([
    ['500', () => new Response('oops', { status: 500 })],
    ['429', () => new Response('', { status: 429 })],
    ['a success that can not be read', () => new Response('<html>', { status: 200 })],
    [
      'a failure with code 503 in a 200',
      ({ body }: Sent) =>
        Response.json({ action: body.action, status: 'failure', error: { code: 503, message: 'busy' } }),
    ],
    ['no answer', () => Promise.reject(new TypeError('fetch failed'))],
  ])(
    'with %s is asked five times more within 60 s, then with the next run, from the top',
    async (_, failing) => {
      await putCohort(ids(1_500));
      answer = request =>
        request.body.parameters.page_info.page_count === 2 ? failing(request) : taken(request);
      const id = await sync(webhook);
      expect(sent.map(summary).map(([, , page]) => page)).toEqual(['1/2', ...Array<string>(6).fill('2/2')]);
      expect(waits).toEqual([2_000, 4_000, 8_000, 15_000, 31_000]);
      expect(await lastRun(id)).toMatchObject({
        outcome: 'failed',
        retries: 5,
        error: expect.stringContaining('after 5 retries'),
      });

      answer = taken;
      sent = [];
      await mixpanel.clock.advance(2 * hour);
      expect(sent.map(summary)).toEqual([
        ['members', 1_000, '1/2'],
        ['members', 500, '2/2'],
      ]);
    },
  );

  it('for a moment is asked again and gets it all', async () => {
    await putCohort(['ada']);
    let failures = 2;
    answer = request => (failures-- > 0 ? new Response('', { status: 502 }) : taken(request));
    const id = await sync(webhook);
    expect(await lastRun(id)).toMatchObject({ outcome: 'succeeded', retries: 2, requests: 1 });
  });

  it('in a difference gets the whole cohort next', async () => {
    await putCohort(['ada', 'bob']);
    await sync(webhook);
    answer = () => new Response('', { status: 500 });
    await changeMembers(['carl']);
    await mixpanel.clock.advance(2 * hour);
    answer = taken;
    sent = [];
    await mixpanel.clock.advance(2 * hour);
    expect(sent.map(summary)).toEqual([['members', 3, '1/1']]);
  });

  it.each([400, 401, 403, 404])('with %i pauses the sync until somebody starts it', async status => {
    await putCohort(['ada']);
    answer = ({ body }) =>
      Response.json(
        { action: body.action, status: 'failure', error: { message: 'not so', code: status } },
        { status },
      );
    const id = await sync(webhook);
    expect(await shown(id)).toMatchObject({
      state: 'paused',
      reason: `the destination answered ${status}: not so`,
      nextRunAt: null,
      history: [{ outcome: 'refused', retries: 0 }],
    });
    await mixpanel.clock.advance(10 * hour);
    expect(sent).toHaveLength(1);
    answer = taken;
    await control('POST', `syncs/${id}/start`);
    await mixpanel.clock.advance(0);
    expect(await shown(id)).toMatchObject({
      state: 'waiting',
      reason: null,
      history: [{ outcome: 'succeeded', kind: 'full' }, {}],
    });
    await mixpanel.clock.advance(2 * hour);
    expect(sent).toHaveLength(4);
  });

  it('and echoes a secret leaves no trace of it', async () => {
    await putCohort(['ada']);
    answer = () =>
      new Response('Partner not enabled for client with client secret: import-key', { status: 401 });
    const id = await sync(braze);
    const text = JSON.stringify(await shown(id));
    expect(text).toContain('client secret: [cut]');
    expect(text).not.toContain('import-key');
  });
});

describe('the snapshot of the last success', () => {
  it('is kept for three days, then the cohort is sent whole', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook, { interval: '4d' });
    expect(await shown(id)).toMatchObject({ snapshot: { at: '2026-01-31T12:00:00.000Z', members: 1 } });
    await mixpanel.clock.advance(72 * hour);
    expect((await shown(id)).snapshot).not.toBeNull();
    await mixpanel.clock.advance(24 * hour);
    expect(sent.map(summary)).toEqual([
      ['members', 1, '1/1'],
      ['members', 1, '1/1'],
    ]);
  });
});

describe('a sync to Braze', () => {
  const idsIn = (remove: boolean) =>
    sent
      .flatMap(({ body }) => body.cohort_changes ?? [])
      .filter(change => change.should_remove === remove)
      .flatMap(change => change.user_ids);

  it('makes the cohort, then sends its users by $braze_external_id, else by distinct id', async () => {
    await putCohort([{ distinct_id: 'ada', properties: { $braze_external_id: 'braze-ada' } }, 'bob']);
    await sync(braze);
    expect(sent.map(({ url, body }) => ({ url, body }))).toEqual([
      {
        url: 'http://braze.example/partners/mixpanel/cohorts',
        body: {
          partner_api_key: 'braze-partner-key',
          client_secret: 'import-key',
          cohort_id: '12345',
          name: 'VIPs',
          created_at: '2026-01-31T12:00:00.000Z',
        },
      },
      {
        url: 'http://braze.example/partners/mixpanel/cohorts/users',
        body: {
          partner_api_key: 'braze-partner-key',
          client_secret: 'import-key',
          cohort_id: '12345',
          cohort_changes: [{ user_ids: ['braze-ada', 'bob'], should_remove: false }],
        },
      },
    ]);
  });

  it('sends no more than 1,000 changes in a request, who leaves before who joins', async () => {
    await putCohort(ids(1_200, 'old'));
    await sync(braze);
    sent = [];
    await changeMembers(ids(1_500, 'new'), ids(1_200, 'old'));
    await mixpanel.clock.advance(2 * hour);
    const sizes = sent
      .slice(1)
      .map(({ body }) =>
        body.cohort_changes?.map(({ user_ids, should_remove }) => [should_remove, user_ids.length]),
      );
    expect(sizes).toEqual([
      [[true, 1_000]],
      [
        [true, 200],
        [false, 800],
      ],
      [[false, 700]],
    ]);
    expect([new Set(idsIn(true)).size, new Set(idsIn(false)).size]).toEqual([1_200, 1_500]);
  });

  it('takes out those who were sent by a run that failed and left before the next', async () => {
    await putCohort(ids(1_500));
    answer = request =>
      request.body.cohort_changes?.[0]?.user_ids.includes('user-1400')
        ? new Response('', { status: 423 })
        : taken(request);
    const id = await sync(braze);
    expect(await lastRun(id)).toMatchObject({ outcome: 'failed', retries: 5 });
    answer = taken;
    sent = [];
    await changeMembers([], ['user-7']);
    await mixpanel.clock.advance(2 * hour);
    expect(idsIn(true)).toEqual(['user-7']);
    expect(idsIn(false)).toHaveLength(1_499);
  });

  it('follows a member whose Braze id changes', async () => {
    await putCohort([{ distinct_id: 'ada', properties: { $braze_external_id: 'old' } }]);
    await sync(braze);
    sent = [];
    await changeMembers([{ distinct_id: 'ada', properties: { $braze_external_id: 'new' } }]);
    await mixpanel.clock.advance(2 * hour);
    expect([idsIn(true), idsIn(false)]).toEqual([['old'], ['new']]);
  });
});

describe('a sync under way', () => {
  it('is not run a second time, and a pause lets it finish', async () => {
    await putCohort(['ada']);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    answer = async request => {
      reached.resolve();
      await gate.promise;
      return taken(request);
    };
    const { body } = await control('POST', 'syncs', { cohort: 12345, destination: webhook });
    await reached.promise;
    expect(await control('POST', `syncs/${body.id}/run`)).toMatchObject({
      status: 409,
      body: { error: "sync-1 can't run now: it is syncing." },
    });
    expect((await control('POST', `syncs/${body.id}/pause`)).body).toMatchObject({ state: 'pausing' });
    gate.resolve();
    await mixpanel.clock.advance(4 * hour);
    expect(await shown('sync-1')).toMatchObject({
      state: 'paused',
      reason: 'paused by hand',
      history: [{ outcome: 'succeeded' }],
    });
    expect(sent).toHaveLength(1);
  });
});

describe('setting up a sync', () => {
  it('shows it without secrets, with its next run', async () => {
    await putCohort(['ada']);
    const id = await sync(braze);
    expect(await shown(id)).toMatchObject({
      id: 'sync-1',
      cohort: 12345,
      mode: 'dynamic',
      interval: 7_200_000,
      destination: {
        type: 'braze',
        restEndpoint: 'http://braze.example/',
        dataImportKey: '[cut]',
        partnerApiKey: '[cut]',
      },
      nextRunAt: '2026-01-31T14:00:00.000Z',
    });
  });

  it('ends with its deletion', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook);
    await control('DELETE', `syncs/${id}`);
    await mixpanel.clock.advance(4 * hour);
    expect([sent.length, (await control('GET', `syncs/${id}`)).status]).toEqual([1, 404]);
  });

  it('pauses when its cohort is deleted', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook);
    await control('DELETE', 'cohorts/12345');
    await mixpanel.clock.advance(2 * hour);
    expect(await shown(id)).toMatchObject({ state: 'paused', reason: 'cohort 12345 does not exist' });
  });

  it('stops at 60 recurring syncs', async () => {
    await putCohort([]);
    for (let count = 0; count < 60; count++)
      await control('POST', 'syncs', { cohort: 12345, destination: webhook });
    expect((await control('POST', 'syncs', { cohort: 12345, destination: webhook })).status).toBe(409);
    expect(
      (await control('POST', 'syncs', { cohort: 12345, destination: webhook, mode: 'one-time' })).status,
    ).toBe(201);
  });

  it.each([
    [{ cohort: 99, destination: webhook }, /no cohort 99 to sync/],
    [{ cohort: 12345 }, /destination.*For example/],
    [
      { cohort: 12345, destination: { ...webhook, url: 'ftp://x' } },
      /destination\.url: expected an http or https address/,
    ],
    [{ cohort: 12345, destination: webhook, interval: 'often' }, /interval: expected a length of time/],
  ])('as %j is refused in a plain sentence', async (body, sentence) => {
    await putCohort([]);
    expect(await control('POST', 'syncs', body)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
  });
});
