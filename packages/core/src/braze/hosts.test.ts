import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brazeInstances, noBrazeRestHost } from './index.ts';

describe('a host of Braze that serves no REST API', () => {
  it.each([
    ['dashboard-01.braze.com', 'rest.iad-01.braze.com'],
    ['dashboard-08.braze.com', 'rest.iad-08.braze.com'],
    ['dashboard-02.braze.eu', 'rest.fra-02.braze.eu'],
    ['dashboard.us-10.braze.com', 'rest.us-10.braze.com'],
    ['dashboard.au-01.braze.com', 'rest.au-01.braze.com'],
    ['sdk.iad-01.braze.com', 'rest.iad-01.braze.com'],
    ['SDK.FRA-01.braze.eu.', 'rest.fra-01.braze.eu'],
    ['iad-03.braze.com', 'rest.iad-03.braze.com'],
    ['rest.us-03.braze.com', 'rest.iad-03.braze.com'],
    ['rest.eu-01.braze.eu', 'rest.fra-01.braze.eu'],
    ['rest.fra-01.braze.com', 'rest.fra-01.braze.eu'],
    ['rest.iad-1.braze.com', 'rest.iad-01.braze.com'],
    ['dashboard.braze.com', undefined],
    ['www.braze.com', undefined],
    ['braze.com', undefined],
    ['dashboard-99.braze.com', undefined],
  ])('%s: the one that is meant is %s', (host, meant) => {
    expect(noBrazeRestHost(host)).toEqual({ meant });
  });

  it('is no documented one, none of a future instance, and none of others', () => {
    const others = ['rest.fra-03.braze.eu', 'rest.sg-01.braze.com', 'localhost', '127.0.0.1', '', 'brazecom'];
    const proxies = ['braze.proxy.example', 'notbraze.com', 'dashboard-01.braze.com.proxy.example'];
    for (const host of [...brazeInstances, ...others, ...proxies])
      expect(noBrazeRestHost(host)).toBeUndefined();
  });

  it('leads to a documented REST host or to none, for any text', () => {
    const label = fc.constantFrom(
      'dashboard',
      'sdk',
      'rest',
      'iad',
      'us',
      'eu',
      'fra',
      '01',
      '10',
      '7',
      '-',
      '.',
    );
    const inside = fc.oneof(
      fc.string(),
      fc.array(label).map(each => each.join('')),
    );
    fc.assert(
      fc.property(inside, fc.constantFrom('braze.com', 'braze.eu', 'example'), (name, domain) => {
        const meant = noBrazeRestHost(`${name}.${domain}`)?.meant;
        if (meant !== undefined) expect(brazeInstances).toContain(meant);
      }),
    );
  });
});
