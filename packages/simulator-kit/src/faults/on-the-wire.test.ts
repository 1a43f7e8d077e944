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

describe('a client', () => {
  it("gets the vendor's own body for a status, and the request is not handled", async () => {
    simulator.faults.add({ route: 'echo', kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    const answer = await send();
    expect([answer.status, answer.headers.get('retry-after'), await answer.json(), handled]).toEqual([
      503,
      '7',
      { message: "the vendor's own 503" },
      0,
    ]);
  });

  it('gets its answer later with latency, and two latencies add up', async () => {
    simulator.faults.add({ route: 'echo', kind: 'latency', milliseconds: 1_500 });
    simulator.faults.add({ route: '*', kind: 'latency', milliseconds: 20 });
    expect((await send()).status).toBe(201);
    expect(waits).toEqual([1_500, 20]);
  });

  it('gets faults that the journal names, also those that changed nothing of the answer', async () => {
    simulator.faults.add({ route: '*', kind: 'latency', milliseconds: 20 });
    simulator.faults.add({ route: 'echo', kind: 'status', status: 503, times: 1 });
    await send();
    await send();
    await fetch(`${server.url}/nowhere`);
    expect(simulator.journal.list({ limit: 3 }).map(({ status, faults }) => [status, faults])).toEqual([
      [404, []],
      [201, ['fault-1']],
      [503, ['fault-1', 'fault-2']],
    ]);
  });

  it.each<[string, FaultInput, number]>([
    ['a reset before the body is read', { route: 'echo', kind: 'reset' }, 0],
    ['a reset after the body is read', { route: 'echo', kind: 'reset', after: 'body' }, 0],
    ['a lost answer', { route: 'echo', kind: 'lost-answer' }, 1],
  ])('gets a closed connection with %s', async (_, fault, effect) => {
    simulator.faults.add(fault);
    await expect(send('x'.repeat(100_000))).rejects.toThrow();
    expect(handled).toBe(effect);
    expect(journalled()).toEqual([['reset', `fault: ${fault.kind}`]]);
  });

  it('gets the status and half of the body with truncate, and the request is handled', async () => {
    simulator.faults.add({ route: 'echo', kind: 'truncate' });
    const answer = await send();
    expect(answer.status).toBe(201);
    await expect(answer.text()).rejects.toThrow();
    expect(handled).toBe(1);
  });

  it('gets the status and a body that is not JSON with malformed, and the request is handled', async () => {
    simulator.faults.add({ route: 'echo', kind: 'malformed' });
    const answer = await send();
    expect(answer.status).toBe(201);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
    expect(handled).toBe(1);
  });

  it.each<[string, FaultInput, number]>([
    ['unhandled', { route: 'echo', kind: 'hang' }, 0],
    ['handled', { route: 'echo', kind: 'hang', after: 'handling' }, 1],
  ])('gets no answer with hang (%s), until it gives up', async (_, fault, effect) => {
    simulator.faults.add(fault);
    const timeout = new AbortController();
    const answer = send('x', timeout.signal);
    const recorded = Promise.withResolvers<void>();
    simulator.journal.subscribe(() => recorded.resolve());
    await recorded.promise;
    timeout.abort();
    await expect(answer).rejects.toThrow();
    expect(handled).toBe(effect);
    expect(journalled()).toEqual([['hang', 'fault: hang']]);
  });

  it('waiting on a hang does not keep the server from closing', async () => {
    simulator.faults.add({ route: 'echo', kind: 'hang' });
    const seen = Promise.withResolvers<void>();
    simulator.journal.subscribe(() => seen.resolve());
    const answer = send().catch(() => 'closed');
    await seen.promise;
    await server.close();
    expect(await answer).toBe('closed');
  });
});
