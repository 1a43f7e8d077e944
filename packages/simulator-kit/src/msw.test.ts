import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock, createSimulator, respond } from './index.ts';
import { mswHandlers } from './msw.ts';

const seen: string[] = [];
const simulator = createSimulator({
  name: 'echo',
  clock: createClock({ start: 0, frozen: true }),
  routes: [
    {
      id: 'echo',
      method: 'POST',
      path: '/echo/:word',
      rules: [],
      handle: ({ params, query, body, headers }) => {
        seen.push(`${params.word} ${query.get('q')} ${new TextDecoder().decode(body)} ${headers['x-name']}`);
        return respond(201, { words: 'as they came' });
      },
    },
  ],
  state: { get: () => null, put: () => {}, reset: () => {} },
  vendor: { notFound: () => respond(404), wrongMethod: () => respond(405), bodyOf: () => undefined },
});
const vendor = setupServer(...mswHandlers(simulator, { baseUrls: ['https://api.vendor.example/v1'] }));
beforeAll(() => vendor.listen({ onUnhandledFrame: 'error' }));
afterAll(() => vendor.close());
beforeEach(() => simulator.faults.clear());

const send = () =>
  fetch('https://api.vendor.example/v1/echo/hello?q=1', {
    method: 'POST',
    body: 'body',
    headers: { 'x-name': 'ada' },
  });

describe("the vendor's own address, without a server", () => {
  it('is answered by the same routes', async () => {
    const answer = await send();
    expect([answer.status, await answer.json(), seen.at(-1)]).toEqual([
      201,
      { words: 'as they came' },
      'hello 1 body ada',
    ]);
  });

  it('serves the control API as well', async () => {
    const answer = await fetch('https://api.vendor.example/v1/_sim/health');
    expect(await answer.json()).toMatchObject({ status: 'ok' });
  });

  it('fails like the network under a fault', async () => {
    simulator.faults.add({ route: 'echo', kind: 'lost-answer', times: 1 });
    await expect(send()).rejects.toThrow(TypeError);
    simulator.faults.add({ route: 'echo', kind: 'truncate', times: 1 });
    await expect(send().then(answer => answer.text())).rejects.toThrow();
  });
});
