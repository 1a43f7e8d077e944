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
