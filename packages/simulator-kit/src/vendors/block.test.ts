import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { connect } from 'node:net';
import { HttpResponse, http as handler } from 'msw';
import { setupServer } from 'msw/node';
import { describe, expect, it } from 'vitest';
import { listen } from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';
import { blockVendors, VendorBlockedError } from './block.ts';

const failure = (start: () => { on(event: 'error', listener: (error: Error) => void): unknown }) =>
  new Promise<Error>(resolve => start().on('error', resolve));

describe('a test that would reach a real vendor', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['fetch', 'api.mixpanel.com', () => fetch('https://api.mixpanel.com/track').catch(({ cause }) => cause)],
    [
      'https',
      'rest.iad-01.braze.com',
      () => failure(() => https('https://rest.iad-01.braze.com/users/track').end()),
    ],
    ['http', 'rest.fra-01.braze.eu', () => failure(() => http('http://REST.fra-01.braze.eu/').end())],
    ['a socket', 'mixpanel.com', () => failure(() => connect(443, 'mixpanel.com'))],
  ])('by %s gets an error, and fails at its end even if the error was swallowed', async (_, host, reach) => {
    const vendors = blockVendors();
    expect(await reach()).toBeInstanceOf(VendorBlockedError);
    expect(vendors.attempts).toEqual([host]);
    expect(() => vendors[Symbol.dispose]()).toThrow(`This would have reached ${host}, a real vendor.`);
  });

  it('is not blocked when it calls a simulator or msw answers, unless msw passes a request through', async () => {
    await using server = await listen(simulatorOf());
    using vendors = blockVendors();
    expect((await fetch(`${server.url}/_sim/health`)).status).toBe(200);
    const msw = setupServer(
      handler.post('https://api.mixpanel.com/import', () => HttpResponse.json({ code: 200 })),
    );
    msw.listen({ onUnhandledFrame: 'bypass' });
    try {
      const answer = await fetch('https://api.mixpanel.com/import', { method: 'POST' });
      expect(await answer.json()).toEqual({ code: 200 });
      expect(vendors.attempts).toEqual([]);
      await expect(fetch('https://api.mixpanel.com/track')).rejects.toThrow();
      expect(() => vendors.check()).toThrow('api.mixpanel.com');
    } finally {
      msw.close();
    }
  });

  it('is blocked only until the end of the block, and only for the given names', async () => {
    await using server = await listen(simulatorOf(), { host: 'localhost' });
    const health = `http://localhost:${server.port}/_sim/health`;
    const vendors = blockVendors(['localhost']);
    await expect(fetch(health)).rejects.toThrow();
    expect(() => vendors.check()).toThrow('localhost');
    vendors[Symbol.dispose]();
    expect((await fetch(health)).status).toBe(200);
  });
});
