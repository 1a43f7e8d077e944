import { afterEach, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  createClock,
  createSimulator,
  type errorSchema,
  type Listening,
  listen,
  respond,
  type Simulator,
} from './index.ts';

/** The smallest vendor: a counter that `POST /count/:name` increments. */
function counter(): { simulator: Simulator; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  const simulator = createSimulator({
    name: 'counter',
    clock: createClock({ start: 0, frozen: true }),
    state: {
      get: () => Object.fromEntries(counts),
      put: state => {
        for (const [name, count] of Object.entries(state as Record<string, number>)) counts.set(name, count);
      },
      reset: () => counts.clear(),
    },
    vendor: {
      notFound: () => respond(404, { message: 'nothing here' }),
      wrongMethod: (_, allowed) =>
        respond(405, { message: 'not so' }, { headers: { allow: allowed.join(', ') } }),
      bodyOf: status => ({ message: `status ${status}` }),
    },
    behaviours: [{ id: 'forgetting', rules: [] }],
    notSimulated: ['counting backwards: the vendor does, this does not'],
    routes: [
      {
        id: 'count',
        method: 'POST',
        path: '/count/:name',
        rules: [
          {
            ...{ rule: 'every request counts', status: 'documented' },
            source: { from: 'this test', seen: '2026' },
          },
        ],
        handle: ({ params: { name = '' } }) => {
          const count = (counts.get(name) ?? 0) + 1;
          counts.set(name, count);
          return respond(200, { count }, { rule: 'counted' });
        },
      },
      {
        id: 'read',
        method: 'GET',
        path: '/count/:name',
        rules: [],
        handle: ({ params: { name = '' } }) => respond(200, { count: counts.get(name) ?? 0 }),
      },
    ],
  });
  return { simulator, counts };
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close()));
});

async function served(options: { bodyLimit?: number } = {}) {
  const { simulator, counts } = counter();
  const server = await listen(simulator, options);
  open.push(server);
  const post = (path: string, body?: unknown) =>
    fetch(server.url + path, { method: 'POST', body: body === undefined ? null : JSON.stringify(body) });
  return { simulator, counts, url: server.url, post, get: (path: string) => fetch(server.url + path) };
}

describe('a request', () => {
  it('reaches its route with decoded path parameters', async () => {
    const { post, counts } = await served();
    expect(await (await post('/count/caf%C3%A9%2Fbar')).json()).toEqual({ count: 1 });
    expect([...counts.keys()]).toEqual(['café/bar']);
  });

  it("with an unknown path or method gets the vendor's own answer", async () => {
    const { get, url } = await served();
    const lost = await get('/elsewhere');
    expect([lost.status, await lost.json()]).toEqual([404, { message: 'nothing here' }]);
    const wrong = await fetch(`${url}/count/a`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, GET']);
  });

  it('may use HEAD, answered like GET without a body, or OPTIONS', async () => {
    const { url } = await served();
    const head = await fetch(`${url}/count/a`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '11', '']);
    const options = await fetch(`${url}/count/a`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, GET']);
  });

  it.each([
    ['with its length announced', () => 'x'.repeat(5_000)],
    [
      'in pieces',
      () => ReadableStream.from([new Uint8Array(3_000), new Uint8Array(3_000)]) as ReadableStream<Uint8Array>,
    ],
  ])('longer than the limit, %s, is refused with a plain sentence and not handled', async (_, body) => {
    const { url, counts } = await served({ bodyLimit: 4_000 });
    const request = { method: 'POST', body: body(), duplex: 'half' };
    const answer = await fetch(`${url}/count/a`, request as RequestInit);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('up to 4000 bytes') });
    expect(counts.size).toBe(0);
  });

  it('that hits a simulator error is answered with 500 and the reason', async () => {
    const { simulator, get } = await served();
    simulator.clock.reading = async () => {
      throw new Error('the spring broke');
    };
    const stderr = console.error;
    console.error = () => {};
    const answer = await get('/_sim/clock').finally(() => {
      console.error = stderr;
    });
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: 'The simulator itself failed at GET /_sim/clock: the spring broke' },
    ]);
  });
});

describe('the control API', () => {
  it('resets the state, the journal and the faults', async () => {
    const { post, get, counts } = await served();
    await post('/count/a');
    await post('/_sim/faults', { route: 'count', kind: 'status', status: 503 });
    await post('/_sim/reset');
    expect(counts.size).toBe(0);
    expect(await (await get('/_sim/requests')).json()).toEqual({ requests: [], kept: 0 });
    expect(await (await get('/_sim/faults')).json()).toEqual({ faults: [] });
  });

  it('returns its state and restores it', async () => {
    const { post, get, url } = await served();
    await post('/count/a');
    const state = await (await get('/_sim/state')).text();
    await post('/_sim/reset');
    await fetch(`${url}/_sim/state`, { method: 'PUT', body: state });
    expect(await (await get('/count/a')).json()).toEqual({ count: 1 });
  });

  it('lists requests, newest first, by route and status', async () => {
    const { post, get } = await served();
    await post('/count/a');
    await post('/_sim/faults', { route: 'count', kind: 'status', status: 503, times: 1 });
    await post('/count/b');
    await get('/count/a');
    const list = async (query: string) => {
      const { requests } = (await (await get(`/_sim/requests${query}`)).json()) as {
        requests: Record<string, unknown>[];
      };
      return requests.map(({ route, status, rule, path }) => [route, status, rule, path]);
    };
    expect(await list('?route=count')).toEqual([
      ['count', 503, 'fault: status 503', '/count/b'],
      ['count', 200, 'counted', '/count/a'],
    ]);
    expect(await list('?status=503')).toHaveLength(1);
    expect(await list('?limit=1')).toEqual([['read', 200, null, '/count/a']]);
  });

  /** Messages of a stream one by one, however the network divides and joins them. */
  async function* messagesOf({ body }: Response) {
    let text = '';
    for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
      const messages = (text + piece).split('\n\n');
      text = messages.pop()!;
      yield* messages;
    }
  }

  it('streams every request as it is answered', async () => {
    const { post, get } = await served();
    const messages = messagesOf(await get('/_sim/stream'));
    await messages.next();
    await post('/count/a');
    const { value } = await messages.next();
    expect(value).toMatch(/^event: request\nid: 1\ndata: \{.*"route":"count".*\}$/);
    await messages.return();
  });

  it('streams summaries on request: the number of requests, and the newest ones in short', async () => {
    const { post, get } = await served();
    const messages = messagesOf(await get('/_sim/stream?summary=true'));
    await messages.next();
    await Promise.all(Array.from({ length: 120 }, () => post('/count/a')));
    let count = 0;
    let newest: Record<string, unknown>[] = [];
    while (count < 120) {
      const { value } = await messages.next();
      const summary = JSON.parse(/^event: requests\ndata: (.*)$/.exec(value ?? '')?.[1] ?? '');
      count += summary.count;
      newest = [...summary.requests, ...newest];
      expect(summary.requests.length).toBeLessThanOrEqual(30);
    }
    expect(count).toBe(120);
    expect(newest[0]).toMatchObject({ sequence: 120, method: 'POST', path: '/count/a', status: 200 });
    expect(newest[0]).not.toHaveProperty('headers');
    expect(newest[0]).not.toHaveProperty('body');
    await messages.return();
  });

  it('lists every route with its rules, their sources and how often it was called, and what is not simulated', async () => {
    const { post, get } = await served();
    await post('/count/a');
    expect(await (await get('/_sim/coverage')).json()).toMatchObject({
      name: 'counter',
      routes: [
        {
          id: 'count',
          hits: 1,
          hitsByEndpoint: { 'POST /count/:name': 1 },
          rules: [{ rule: 'every request counts', source: { from: 'this test', seen: '2026' } }],
        },
        { id: 'read', hits: 0 },
      ],
      behaviours: [{ id: 'forgetting', rules: [] }],
      notSimulated: ['counting backwards: the vendor does, this does not'],
      control: expect.arrayContaining(['GET /_sim/coverage', 'DELETE /_sim/faults/:id']),
    });
  });

  it.each([
    ['POST', '/_sim/faults', '{', /^The body of POST \/_sim\/faults is not JSON\. For example: /],
    [
      'POST',
      '/_sim/faults',
      '{"route":"count","kind":"status"}',
      / status is missing; it must be a whole number/,
    ],
    ['POST', '/_sim/faults', '{"route":"cuont","kind":"hang"}', /no route "cuont".*Known are: count, read/],
    ['POST', '/_sim/clock', '{}', /exactly one of advance, set, freeze/],
    ['POST', '/_sim/clock', '{"advance":"soon"}', /non-negative.*was "soon"/],
    ['POST', '/_sim/clock', '{"advance":-5}', /To go back in time, use/],
    ['POST', '/_sim/clock', '{"advance":"999999999999d"}', /at most 3650 days.*was "999999999999d"/],
    ['POST', '/_sim/clock', '{"advance":1e308}', /at most 3650 days/],
    ['POST', '/_sim/clock', '{"advance":1e999}', / advance must be a number or text\. For/],
    ['POST', '/_sim/clock', '{"set":8640000000000000}', /years 0 to 9999/],
    ['POST', '/_sim/clock', '{"set":-8640000000000000}', /years 0 to 9999/],
    ['POST', '/_sim/clock', '{"set":"yesterday"}', /ISO date.*was "yesterday"/],
    ['POST', '/_sim/clock', '{"set":"1"}', /ISO date.*was "1"/],
    ['POST', '/_sim/clock', '{"set":"2026-02-30"}', /ISO date.*was "2026-02-30"/],
    ...['abc', '99', '600', '2000', '4xx', ''].map((status): [string, string, null, RegExp] => [
      'GET',
      `/_sim/requests?status=${status}`,
      null,
      / status must be a status such as 200, or one of: reset, hang, truncate\. For example/,
    ]),
    ['GET', '/_sim/requests/count?status=abc', null, / status must be a status such as 200/],
    ['GET', '/_sim/requests.har?status=abc', null, / status must be a status such as 200/],
    ['GET', '/_sim/requests?limit=-1', null, / limit must be at least 1\. For example/],
    [
      'GET',
      '/_sim/requests?rout=count&limit=1',
      null,
      /^GET \/_sim\/requests has no query parameter "rout"\. It has: route, status, .*, limit\.$/,
    ],
    ['POST', '/_sim/reset?hard=1&all', null, /has no query parameter "hard", "all"\. It has none\.$/],
  ])('explains what it expected of %s %s %s', async (method, path, body, sentence) => {
    const { url } = await served();
    const answer = await fetch(url + path, { method, body });
    expect(answer.status).toBe(400);
    const { faults = [], ...rest } = (await answer.json()) as z.output<typeof errorSchema>;
    expect(rest).toEqual({ error: expect.stringMatching(sentence) });
    for (const { field, message } of faults) expect(rest.error).toContain(`${field} ${message}.`);
  });

  it('lists the existing ones when asked for an unknown one', async () => {
    const { get } = await served();
    const answer = await get('/_sim/nothing');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: expect.stringContaining('/_sim/coverage') },
    ]);
  });

  it('refuses to advance beyond the year 9999, and the clock keeps running', async () => {
    const { post } = await served();
    await post('/_sim/clock', { set: '9999-12-31T00:00:00Z' });
    expect((await post('/_sim/clock', { advance: '1d' })).status).toBe(400);
    expect((await post('/_sim/clock', { advance: '23h' })).status).toBe(200);
    expect(await (await post('/_sim/clock', { set: '2026-01-31' })).json()).toMatchObject({
      iso: '2026-01-31T00:00:00.000Z',
    });
  });

  it('moves the clock', async () => {
    const { post } = await served();
    expect(await (await post('/_sim/clock', { advance: '2h' })).json()).toMatchObject({
      now: 7_200_000,
      iso: '1970-01-01T02:00:00.000Z',
      frozen: true,
      followers: [],
    });
    expect(await (await post('/_sim/clock', { set: '2026-01-31T12:00:00Z' })).json()).toMatchObject({
      iso: '2026-01-31T12:00:00.000Z',
    });
    expect(await (await post('/_sim/clock', { freeze: false })).json()).toMatchObject({ frozen: false });
  });

  it("reads a time without a zone as UTC, whatever the machine's zone", async () => {
    const before = process.env.TZ;
    process.env.TZ = 'Pacific/Chatham';
    try {
      const { post } = await served();
      for (const [set, iso] of [
        ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z'],
        ['2026-01-31', '2026-01-31T00:00:00.000Z'],
        ['2026-01-31T12:00:00-05:00', '2026-01-31T17:00:00.000Z'],
      ])
        expect(await (await post('/_sim/clock', { set })).json()).toMatchObject({ iso });
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

it('a port in use is refused with one sentence', async () => {
  const first = await listen(counter().simulator);
  open.push(first);
  await expect(listen(counter().simulator, { port: first.port })).rejects.toThrow(
    `Port ${first.port} at 127.0.0.1 is in use by another process.`,
  );
});
