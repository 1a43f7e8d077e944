import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';

let server: Listening;
beforeAll(async () => {
  server = await listen(simulatorOf(), { allowHosts: ['sim.vendor.example'] });
});
afterAll(() => server.close());

function ask(path: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request(`${server.url}${path}`, { headers, agent: false }, answer =>
      text(answer).then(body => resolve({ status: answer.statusCode, body }), reject),
    )
      .on('error', reject)
      .end();
  });
}

it.each([
  [{ host: 'localhost:4010' }],
  [{ host: '127.0.0.1' }],
  [{ host: '[::1]:4010' }],
  [{ host: '192.168.1.7' }],
  [{ host: 'mock-braze:4010' }],
  [{ host: 'host.docker.internal:4010' }],
  [{ host: 'sim.vendor.example' }],
  [{ host: 'localhost', origin: 'http://localhost:4000' }],
  [{ host: 'mock-braze:4010', origin: 'http://mock-braze:4010' }],
  [{ host: '192.168.1.7:4010', origin: 'http://192.168.1.7:4010' }],
  [{ host: 'localhost', origin: 'https://sim.vendor.example' }],
])('the control API answers requests to a local or allowed name: %j', async headers => {
  expect((await ask('/_sim/health', headers)).status).toBe(200);
});

it.each([
  [{ host: 'rebound.attacker.example:4010' }, 'Host is "rebound.attacker.example:4010"'],
  [{ host: 'localhost.attacker.example' }, 'Host is "localhost.attacker.example"'],
  [{ host: 'localhost', origin: 'https://attacker.example' }, 'Origin is "https://attacker.example"'],
  [{ host: 'localhost', origin: 'null' }, 'Origin is "null"'],
  [{ host: 'localhost', origin: 'file://' }, 'Origin is "file://"'],
  [{ host: '127.0.0.1:4010', origin: 'http://203.0.113.7' }, 'Origin is "http://203.0.113.7"'],
  [{ host: 'mock-braze:4010', origin: 'http://intranet' }, 'Origin is "http://intranet"'],
  [{ host: '192.168.1.7:4010', origin: 'http://192.168.1.7' }, 'Origin is "http://192.168.1.7"'],
])('the control API rejects a request from a web page: %j', async (headers, sentence) => {
  const { status, body } = await ask('/_sim/health', headers);
  expect([status, JSON.parse(body)]).toEqual([403, { error: expect.stringContaining(sentence) }]);
});

it("the vendor's routes answer under any name", async () => {
  expect((await ask('/anything', { host: 'api.vendor.example' })).body).toBe('{"message":"nothing here"}');
});
