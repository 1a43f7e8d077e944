/** Where the three servers are. Everything that plays on them knows no more than this, so it also plays on containers. */
export interface Stack {
  readonly braze: string;
  readonly mixpanel: string;
  readonly service: string;
}

/** The obvious fakes that the servers of a sandbox know each other by. */
export const sandboxKeys = {
  currentsToken: 'sandbox-currents-token',
  mixpanelProject: '12345',
  mixpanelToken: 'mixpanel-token',
  mixpanelSecret: 'mixpanel-secret',
} as const;

/** The service's environment beside two simulators: both roads' keys, and retries fast enough to watch. */
export function serviceEnvironment({ braze, mixpanel }: Omit<Stack, 'service'>): Record<string, string> {
  return {
    CURRENTS_TOKEN: sandboxKeys.currentsToken,
    MIXPANEL_SERVICE_ACCOUNT: 'service-account',
    MIXPANEL_SERVICE_SECRET: 'service-secret',
    MIXPANEL_PROJECT_ID: sandboxKeys.mixpanelProject,
    MIXPANEL_API_URL: mixpanel,
    MIXPANEL_QUERY_URL: mixpanel,
    BRAZE_REST_URL: braze,
    DELIVERY_RETRY_BASE: '50ms',
  };
}
