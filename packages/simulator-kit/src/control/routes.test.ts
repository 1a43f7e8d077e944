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
  const send = async (route: string, body: string) => {
    const [method = '', path = ''] = route.split(' ');
    const readBody = async () => new TextEncoder().encode(body);
    const request = { method, path: `/_sim/${path}`, query: new URLSearchParams(), headers: {}, readBody };
    const answer = await simulator.dispatch(request);
    if (answer.kind !== 'respond') throw new Error(`${route} ended in a ${answer.kind}`);
    return { status: answer.status, body: answer.body as { error?: string } };
  };
  return { send, changes };
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
