/** Data residency of a project: United States, European Union or India. */
export type MixpanelRegion = 'us' | 'eu' | 'in';

/** Origins of Mixpanel's APIs, without a trailing slash. */
export interface MixpanelHosts {
  /** For `/import`. */
  readonly ingestion: string;
  /** For `/api/query/…`. */
  readonly query: string;
  /** For `/api/2.0/export`. */
  readonly export: string;
}

/**
 * Origins of Mixpanel's APIs by region.
 *
 * @see https://docs.mixpanel.com/reference/overview
 */
export const mixpanelHosts: Readonly<Record<MixpanelRegion, MixpanelHosts>> = {
  us: {
    ingestion: 'https://api.mixpanel.com',
    query: 'https://mixpanel.com',
    export: 'https://data.mixpanel.com',
  },
  eu: {
    ingestion: 'https://api-eu.mixpanel.com',
    query: 'https://eu.mixpanel.com',
    export: 'https://data-eu.mixpanel.com',
  },
  in: {
    ingestion: 'https://api-in.mixpanel.com',
    query: 'https://in.mixpanel.com',
    export: 'https://data-in.mixpanel.com',
  },
};

/** One of Mixpanel's server APIs. */
export type MixpanelApi = keyof MixpanelHosts;

/** A host of Mixpanel that does not serve an API. */
export interface NoMixpanelHost {
  /** Origin of this API in the region that the host names, else in the region of the project. */
  readonly meant: string;
  /** Whether it is the host of another API of Mixpanel. */
  readonly ofAnotherApi: boolean;
}

/**
 * A host of Mixpanel that is not that of this API: another API's, the web application, a client SDK's, or one
 * with the region in the wrong place. `undefined` for the right host of any region, and for hosts of others,
 * such as a proxy. The host of the query API serves the raw export too. Total over any text.
 *
 * @param project region of the project, for hosts that name none; default `us`
 * @see https://docs.mixpanel.com/reference/overview
 *
 * @example
 * ```ts
 * import { noMixpanelHost } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(noMixpanelHost('api.eu.mixpanel.com', 'ingestion')?.meant); // https://api-eu.mixpanel.com
 * console.log(noMixpanelHost('proxy.example', 'query')); // undefined
 * ```
 */
export function noMixpanelHost(
  host: string,
  api: MixpanelApi,
  project: MixpanelRegion = 'us',
): NoMixpanelHost | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!/(?:^|\.)(?:mixpanel\.(?:com|eu|in)|mxpnl\.com)$/.test(name)) return undefined;
  const origin = `https://${name}`;
  const regions = Object.values(mixpanelHosts);
  const right = regions.some(each => each[api] === origin || (api === 'export' && each.query === origin));
  if (right) return undefined;
  const [, region = project] = /(?:^|[.-])(eu|in)(?=[.-]|$)/.exec(name) ?? [];
  return {
    meant: mixpanelHosts[region as MixpanelRegion][api],
    ofAnotherApi: regions.some(each => Object.values(each).includes(origin)),
  };
}
