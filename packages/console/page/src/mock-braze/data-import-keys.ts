/** The answer of mock Braze about the page Technology Partners → Mixpanel. */
export interface PartnerPage {
  readonly rest_endpoint: string;
  readonly keys: readonly DataImportKey[];
}

export interface DataImportKey {
  readonly id: string;
  readonly key: string;
  readonly state: 'active' | 'invalidated';
  readonly created_at: string;
}
