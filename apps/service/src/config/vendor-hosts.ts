import { noBrazeRestHost } from '@braze-mixpanel/core/braze';
import { type MixpanelApi, noMixpanelHost } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionSettings } from './shape.ts';

type HostSetting = Extract<keyof ConnectionSettings, `${string}_URL`>;

/** A setting that names a host of a vendor which does not serve the API, with the message about it. */
export interface WrongHost {
  readonly setting: HostSetting;
  readonly message: string;
  /** `false` where it is the host of another API of the vendor, which may work. */
  readonly certain: boolean;
}

const mixpanelApis = {
  MIXPANEL_API_URL: ['ingestion', 'events'],
  MIXPANEL_QUERY_URL: ['query', 'the query API'],
  MIXPANEL_EXPORT_URL: ['export', 'the raw export'],
} as const satisfies Partial<Record<HostSetting, readonly [MixpanelApi, string]>>;

/**
 * The addresses of a connection that are nearly right: hosts of a vendor that do not serve the API of the
 * setting, such as a dashboard or an SDK endpoint. Other hosts, such as proxies and simulators, pass.
 */
export function wrongHosts(connection: ConnectionSettings): WrongHost[] {
  const found: WrongHost[] = [];
  for (const setting of ['MIXPANEL_API_URL', 'MIXPANEL_QUERY_URL', 'MIXPANEL_EXPORT_URL'] as const) {
    const [api, purpose] = mixpanelApis[setting];
    const url = connection[setting];
    const wrong = noMixpanelHost(hostOf(url), api);
    if (wrong === undefined) continue;
    const kind = wrong.ofAnotherApi
      ? 'the host of another API of Mixpanel'
      : `not a host of Mixpanel for ${purpose}`;
    const message = `is ${url}, ${kind}; expected ${wrong.meant}, or the address of a proxy.`;
    found.push({ setting, message, certain: !wrong.ofAnotherApi });
  }
  const { BRAZE_REST_URL: rest } = connection;
  const wrong = noBrazeRestHost(hostOf(rest));
  if (wrong !== undefined) {
    const expected =
      wrong.meant === undefined
        ? 'the REST endpoint of your instance, such as https://rest.fra-01.braze.eu'
        : `https://${wrong.meant}`;
    const message = `is ${rest}, a host of Braze that is not a REST endpoint (a dashboard or SDK endpoint, for example); expected ${expected}.`;
    found.push({ setting: 'BRAZE_REST_URL', message, certain: true });
  }
  return found;
}

const hostOf = (url: unknown): string => (typeof url === 'string' ? (URL.parse(url)?.hostname ?? '') : '');
