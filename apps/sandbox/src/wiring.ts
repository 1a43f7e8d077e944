/**
 * The addresses of the three servers. Scenarios depend on nothing else, so they also run against containers.
 */
export interface Stack {
  readonly braze: string;
  readonly mixpanel: string;
  readonly service: string;
}

/** Placeholder secrets shared by the servers of a sandbox. */
export const sandboxKeys = {
  currentsToken: 'sandbox-currents-token',
  mixpanelProject: '12345',
  mixpanelToken: 'mixpanel-token',
  mixpanelSecret: 'mixpanel-secret',
  adminToken: 'sandbox-admin-token',
  webhookUser: 'mixpanel-webhook',
  webhookPassword: 'mixpanel-webhook-password',
} as const;

/**
 * The service's environment for two simulators: the keys of both pipelines, and retries fast enough to watch.
 */
export function serviceEnvironment({ braze, mixpanel }: Omit<Stack, 'service'>): Record<string, string> {
  return {
    CURRENTS_TOKEN: sandboxKeys.currentsToken,
    ADMIN_TOKEN: sandboxKeys.adminToken,
    MIXPANEL_SERVICE_ACCOUNT: 'service-account',
    MIXPANEL_SERVICE_SECRET: 'service-secret',
    MIXPANEL_PROJECT_ID: sandboxKeys.mixpanelProject,
    MIXPANEL_API_URL: mixpanel,
    MIXPANEL_QUERY_URL: mixpanel,
    MIXPANEL_WEBHOOK_USERNAME: sandboxKeys.webhookUser,
    MIXPANEL_WEBHOOK_PASSWORD: sandboxKeys.webhookPassword,
    BRAZE_REST_URL: braze,
    BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
    BRAZE_PARTNER_API_KEY: 'braze-partner-key',
    BRAZE_REST_API_KEY: 'braze-rest-key',
    BRAZE_ANALYTICS_KEY: 'braze-rest-key',
    DELIVERY_RETRY_BASE: '50ms',
  };
}
