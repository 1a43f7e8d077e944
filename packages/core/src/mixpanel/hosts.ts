/** A project's data residency. */
export type MixpanelRegion = 'us' | 'eu' | 'in';

/** Origins; paths are appended (`/import`, `/api/query/engage`, `/api/2.0/export`). */
export interface MixpanelHosts {
  readonly ingestion: string;
  readonly query: string;
  readonly export: string;
}

/** Source: Mixpanel developer documentation, "Data residency". */
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
