import { expect, it } from 'vitest';
import { respond } from '../answer.ts';
import { simulatorOf } from '../testing/simulator-of.ts';

const write = {
  id: 'write',
  method: 'POST' as const,
  path: '/write',
  rules: [],
  handle: () => respond(200, {}),
};

function world() {
  const changes: string[] = [];
  const state = {
    get: () => ({}),
    put: (value: unknown) => void changes.push(JSON.stringify(value)),
    reset: () => void changes.push('reset'),
  };
  const simulator = simulatorOf({ routes: [write], state });
  const dispatch = async (route: string, path: string, body: string) => {
    const [method = ''] = route.split(' ');
    const readBody = async () => new TextEncoder().encode(body);
    const [name = '', query] = path.split('?');
    const request = { method, path: name, query: new URLSearchParams(query), headers: {}, readBody };
    const answer = await simulator.dispatch(request);
    if (answer.kind !== 'respond') throw new Error(`${route} ended in a ${answer.kind}`);
    return { status: answer.status, body: answer.body as { error?: string } };
  };
  const send = (route: string, body: string) => dispatch(route, `/_sim/${route.split(' ')[1]}`, body);
  const call = (body: string) => dispatch('POST', '/write?key=1', body);
  return { send, call, changes };
}

it.each<[string, string, object?]>([
  [
    '{"only":"faults"}',
    'The body of POST /_sim/reset is not valid. only is unknown. For example: {}',
    { faults: [{ field: 'only', message: 'is unknown' }] },
  ],
  ['[]', 'The body of POST /_sim/reset is not valid. It must be an object. For example: {}'],
  ['junk', 'The body of POST /_sim/reset is not JSON. For example: {}'],
])('a route without a body refuses %s and changes nothing', async (body, error, more = {}) => {
  const { send, changes } = world();
  expect(await send('POST reset', body)).toEqual({ status: 400, body: { error, ...more } });
  expect(changes).toEqual([]);
});

it('a route without a body accepts none and an empty object', async () => {
  const { send, changes } = world();
  expect((await send('POST reset', '')).status).toBe(200);
  expect((await send('POST reset', '{}')).status).toBe(200);
  expect(changes).toEqual(['reset', 'reset']);
});

it('a state without any part is refused, and nothing is lost', async () => {
  const { send, changes } = world();
  const { status, body } = await send('PUT state', '{}');
  expect([status, body.error]).toEqual([400, expect.stringContaining('POST /_sim/reset restores')]);
  expect(changes).toEqual([]);
  expect((await send('PUT state', '{"cohorts":[]}')).status).toBe(200);
  expect(changes).toEqual(['{"cohorts":[]}']);
});

it.each(['POST faults', 'POST verify'])('the example in a refusal of %s is valid', async route => {
  const { send } = world();
  const { error = '' } = (await send(route, '7')).body;
  const example = error.slice(error.indexOf('{'));
  expect(error).toContain('For example: {');
  expect((await send(route, example)).status).not.toBe(400);
});

it('a request is sent again as it was received, and both are in the journal', async () => {
  const { send, call } = world();
  await call('[1]');
  expect(await send('POST requests/1/repeat', '')).toEqual({ status: 200, body: { sequence: 2 } });
  const [first, second] = await Promise.all([send('GET requests/1', ''), send('GET requests/2', '')]);
  expect(second.body).toMatchObject({
    sequence: 2,
    method: 'POST',
    path: '/write',
    query: 'key=1',
    body: '[1]',
  });
  expect(second.body).toEqual({ ...first.body, sequence: 2 });
});

it('a request that the journal does not have, or has without its whole body, is not sent again', async () => {
  const { send, call } = world();
  await call('x'.repeat(1024 * 1024 + 1));
  expect(await send('POST requests/9/repeat', '')).toEqual({
    status: 404,
    body: { error: 'There is no request 9. GET /_sim/requests lists the last ones.' },
  });
  const { status, body } = await send('POST requests/1/repeat', '');
  expect([status, body.error]).toEqual([409, expect.stringContaining('no longer has its whole body')]);
  expect((await send('GET requests/2', '')).status).toBe(404);
});

it('requests are exported as an HTTP Archive, oldest first', async () => {
  const { send, call } = world();
  await call('[1]');
  await call('[2]');
  const { body } = await send('GET requests.har', '');
  expect(body).toMatchObject({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: expect.stringMatching(/^\d{4}-.*Z$/),
          request: {
            method: 'POST',
            url: 'http://localhost/write?key=1',
            queryString: [{ name: 'key', value: '1' }],
            bodySize: 3,
            postData: { text: '[1]' },
          },
          response: {
            status: 200,
            headers: [{ name: 'content-type', value: 'application/json' }],
            content: { size: 2, mimeType: 'application/json', text: '{}' },
          },
        },
        { request: { postData: { text: '[2]' } } },
      ],
    },
  });
});
