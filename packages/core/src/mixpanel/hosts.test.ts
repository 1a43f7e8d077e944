import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MixpanelApi, mixpanelHosts, noMixpanelHost } from './index.ts';

const apis: MixpanelApi[] = ['ingestion', 'query', 'export'];

describe('a host of Mixpanel that is not that of an API', () => {
  it.each<[string, MixpanelApi, string]>([
    ['api.eu.mixpanel.com', 'ingestion', 'https://api-eu.mixpanel.com'],
    ['API.EU.mixpanel.com.', 'ingestion', 'https://api-eu.mixpanel.com'],
    ['eu-api.mixpanel.com', 'ingestion', 'https://api-eu.mixpanel.com'],
    ['api.mixpanel.eu', 'ingestion', 'https://api-eu.mixpanel.com'],
    ['api.in.mixpanel.com', 'ingestion', 'https://api-in.mixpanel.com'],
    ['api-us.mixpanel.com', 'ingestion', 'https://api.mixpanel.com'],
    ['api-js.mixpanel.com', 'ingestion', 'https://api.mixpanel.com'],
    ['cdn.mxpnl.com', 'ingestion', 'https://api.mixpanel.com'],
    ['www.mixpanel.com', 'query', 'https://mixpanel.com'],
    ['query.eu.mixpanel.com', 'query', 'https://eu.mixpanel.com'],
    ['data.eu.mixpanel.com', 'export', 'https://data-eu.mixpanel.com'],
  ])('%s for %s: %s is meant', (host, api, meant) => {
    expect(noMixpanelHost(host, api)).toEqual({ meant, ofAnotherApi: false });
  });

  it('that names no region is one of the project’s region', () => {
    expect(noMixpanelHost('mixpanel.com', 'ingestion', 'eu')?.meant).toBe('https://api-eu.mixpanel.com');
    expect(noMixpanelHost('api.in.mixpanel.com', 'ingestion', 'eu')?.meant).toBe(
      'https://api-in.mixpanel.com',
    );
  });

  it('may be that of another API', () => {
    const meant = { meant: 'https://eu.mixpanel.com', ofAnotherApi: true };
    expect(noMixpanelHost('api-eu.mixpanel.com', 'query')).toEqual(meant);
    expect(noMixpanelHost('data-eu.mixpanel.com', 'query')).toEqual(meant);
    expect(noMixpanelHost('eu.mixpanel.com', 'export')).toBeUndefined();
  });

  it('is no documented one of this API, and none of others', () => {
    for (const api of apis) {
      for (const hosts of Object.values(mixpanelHosts))
        expect(noMixpanelHost(new URL(hosts[api]).host, api)).toBeUndefined();
      for (const host of [
        '',
        'localhost',
        '127.0.0.1',
        'notmixpanel.com',
        'api.eu.mixpanel.com.proxy.example',
      ])
        expect(noMixpanelHost(host, api)).toBeUndefined();
    }
  });

  it('leads to a documented host of this API, for any text', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('eu', 'in', 'api.eu', 'x-in.', 'data-us', 'constructor'),
    );
    fc.assert(
      fc.property(
        name,
        fc.constantFrom('mixpanel.com', 'mixpanel.eu', 'x'),
        fc.constantFrom(...apis),
        (...each) => {
          const [inside, domain, api] = each;
          const meant = noMixpanelHost(`${inside}.${domain}`, api)?.meant;
          if (meant !== undefined)
            expect(Object.values(mixpanelHosts).map(hosts => hosts[api])).toContain(meant);
        },
      ),
    );
  });
});
