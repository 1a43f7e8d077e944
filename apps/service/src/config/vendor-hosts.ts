import { noBrazeRestHost } from '@braze-mixpanel/core/braze';
import {
  type MixpanelApi,
  type MixpanelRegion,
  mixpanelHosts,
  noMixpanelHost,
} from '@braze-mixpanel/core/mixpanel';
import type { ConnectionSettings } from './shape.ts';

type HostSetting = Extract<keyof ConnectionSettings, `${string}_URL`>;

/** A setting that names a host of a vendor which does not serve the API, or not in the region, with the message about it. */
export interface WrongHost {
  readonly setting: HostSetting;
  readonly message: string;
  /** Settings that contradict this one. */
  readonly because: readonly (keyof ConnectionSettings)[];
}

const mixpanelApis = {
  MIXPANEL_API_URL: ['ingestion', 'events'],
  MIXPANEL_QUERY_URL: ['query', 'the query API'],
  MIXPANEL_EXPORT_URL: ['export', 'the raw export'],
} as const satisfies Partial<Record<HostSetting, readonly [MixpanelApi, string]>>;

/**
 * The addresses of a connection that are nearly right: hosts of a vendor that do not serve the API of the
 * setting, such as a dashboard or an SDK endpoint, and hosts of two regions, since a project is in one: of
 * `MIXPANEL_REGION`, which decides about the hosts that are not set. Other hosts, such as proxies and simulators, pass.
 */
export function wrongHosts(connection: ConnectionSettings): WrongHost[] {
  const settings = ['MIXPANEL_API_URL', 'MIXPANEL_QUERY_URL', 'MIXPANEL_EXPORT_URL'] as const;
  return [
    ...settings.flatMap(setting => wrongMixpanelHosts(connection, setting)),
    ...wrongBrazeHosts(connection),
  ];
}

function wrongMixpanelHosts(connection: ConnectionSettings, setting: keyof typeof mixpanelApis): WrongHost[] {
  const [api, purpose] = mixpanelApis[setting];
  const url = connection[setting];
  const host = hostOf(url);
  const project = regions.find(each => each === connection.MIXPANEL_REGION);
  const wrong = noMixpanelHost(host, api, project);
  const origin = wrong?.meant ?? `https://${host.replace(/\.$/, '')}`;
  const region = regionOf(origin);
  const otherRegion = project !== undefined && region !== undefined && region !== project;
  if (wrong !== undefined) {
    const kind = wrong.ofAnotherApi
      ? 'the host of another API of Mixpanel'
      : `not a host of Mixpanel for ${purpose}`;
    const meant = otherRegion ? `${wrong.meant} with MIXPANEL_REGION=${region}` : wrong.meant;
    const message = `is ${url}, ${kind}; expected ${meant}, or the address of a proxy.`;
    return [{ setting, message, because: [] }];
  }
  if (!otherRegion || regionOfHosts(connection) !== undefined) return [];
  const message = `is ${url}, a host of the region ${region}, but MIXPANEL_REGION is ${project}; expected one region: MIXPANEL_REGION=${region}, or ${mixpanelHosts[project][api]} here.`;
  return [{ setting, message, because: ['MIXPANEL_REGION'] }];
}

/**
 * The region of Mixpanel's hosts where they agree and none is left to `MIXPANEL_REGION`; `undefined` otherwise.
 * Without an export URL, that of the query API is used.
 */
export function regionOfHosts({
  MIXPANEL_API_URL: api,
  MIXPANEL_QUERY_URL: query,
  MIXPANEL_EXPORT_URL: exports = query,
}: ConnectionSettings): MixpanelRegion | undefined {
  const found = [api, query, exports].map(url => regionOf(`https://${hostOf(url)}`));
  return found.every(each => each === found[0]) ? found[0] : undefined;
}

function wrongBrazeHosts({ BRAZE_REST_URL: rest }: ConnectionSettings): WrongHost[] {
  const wrong = noBrazeRestHost(hostOf(rest));
  if (wrong === undefined) return [];
  const expected =
    wrong.meant === undefined
      ? 'the REST endpoint of your instance, such as https://rest.fra-01.braze.eu'
      : `https://${wrong.meant}`;
  const message = `is ${rest}, a host of Braze that is not a REST endpoint (a dashboard or SDK endpoint, for example); expected ${expected}.`;
  return [{ setting: 'BRAZE_REST_URL', message, because: [] }];
}

const regions = Object.keys(mixpanelHosts) as MixpanelRegion[];

const regionOf = (origin: string): MixpanelRegion | undefined =>
  regions.find(each => Object.values(mixpanelHosts[each]).includes(origin));

const hostOf = (url: unknown): string => (typeof url === 'string' ? (URL.parse(url)?.hostname ?? '') : '');
