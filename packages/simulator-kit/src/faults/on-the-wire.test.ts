import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createClock,
  createSimulator,
  type FaultInput,
  type Listening,
  listen,
  respond,
  type Simulator,
} from '../index.ts';

let handled = 0;
const waits: number[] = [];
let simulator: Simulator;
let server: Listening;

beforeEach(async () => {
  handled = 0;
  waits.length = 0;
  simulator = createSimulator({
    name: 'echo',
    clock: createClock({ start: 0, frozen: true }),
    routes: [
      {
        id: 'echo',
        method: 'POST',
        path: '/echo',
        rules: [],
        handle: ({ body }) => {
          handled++;
          return respond(201, { length: body.length, text: 'a sentence of some length' });
        },
      },
    ],
    state: { get: () => null, put: () => {}, reset: () => {} },
    vendor: {
      notFound: () => respond(404),
      wrongMethod: () => respond(405),
      bodyOf: status => ({ message: `the vendor's own ${status}` }),
    },
    delay: async milliseconds => {
      waits.push(milliseconds);
    },
  });
  server = await listen(simulator);
});
afterEach(() => server.close());

const send = (body = 'x', signal: AbortSignal | null = null) =>
  fetch(`${server.url}/echo`, { method: 'POST', body, signal });
const journalled = () => simulator.journal.list({ limit: 1 }).map(({ status, rule }) => [status, rule]);

describe('what a client meets', () => {
  it("of a status is the vendor's own body, unhandled", async () => {
    simulator.faults.add({ route: 'echo', kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    const answer = await send();
    expect([answer.status, answer.headers.get('retry-after'), await answer.json(), handled]).toEqual([
      503,
      '7',
      { message: "the vendor's own 503" },
      0,
    ]);
  });

  it('of latency is its answer, later', async () => {
    simulator.faults.add({ route: 'echo', kind: 'latency', milliseconds: 1_500 });
    expect((await send()).status).toBe(201);
    expect(waits).toEqual([1_500]);
  });

  it.each<[string, FaultInput, number]>([
    ['a reset before its body was taken', { route: 'echo', kind: 'reset' }, 0],
    ['a reset after its body was taken', { route: 'echo', kind: 'reset', after: 'body' }, 0],
    ['a lost answer', { route: 'echo', kind: 'lost-answer' }, 1],
  ])('of %s is a broken connection', async (_, fault, effect) => {
    simulator.faults.add(fault);
    await expect(send('x'.repeat(100_000))).rejects.toThrow();
    expect(handled).toBe(effect);
    expect(journalled()).toEqual([['reset', `fault: ${fault.kind}`]]);
  });

  it('of truncation is a status and half of the answer, handled', async () => {
    simulator.faults.add({ route: 'echo', kind: 'truncate' });
    const answer = await send();
    expect(answer.status).toBe(201);
    await expect(answer.text()).rejects.toThrow();
    expect(handled).toBe(1);
  });

  it('of malformation is the status with what is no JSON, handled', async () => {
    simulator.faults.add({ route: 'echo', kind: 'malformed' });
    const answer = await send();
    expect(answer.status).toBe(201);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
    expect(handled).toBe(1);
  });

  it.each<[string, FaultInput, number]>([
    ['unhandled', { route: 'echo', kind: 'hang' }, 0],
    ['handled', { route: 'echo', kind: 'hang', after: 'handling' }, 1],
  ])('of hanging (%s) is nothing, until it gives up', async (_, fault, effect) => {
    simulator.faults.add(fault);
    const patience = new AbortController();
    const answer = send('x', patience.signal);
    const unsubscribed = Promise.withResolvers<void>();
    simulator.journal.subscribe(() => unsubscribed.resolve());
    await unsubscribed.promise;
    patience.abort();
    await expect(answer).rejects.toThrow();
    expect(handled).toBe(effect);
    expect(journalled()).toEqual([['hang', 'fault: hang']]);
  });

  it('that hangs does not keep the server from closing', async () => {
    simulator.faults.add({ route: 'echo', kind: 'hang' });
    const seen = Promise.withResolvers<void>();
    simulator.journal.subscribe(() => seen.resolve());
    const answer = send().catch(() => 'closed');
    await seen.promise;
    await server.close();
    expect(await answer).toBe('closed');
  });
});
