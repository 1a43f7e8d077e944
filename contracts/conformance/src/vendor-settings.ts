/**
 * Keys of real, throw-away accounts, from the environment; without them the suites run against the simulators
 * only.
 */
export interface VendorSettings {
  /**
   * `VENDOR_BRAZE_REST_URL`, `VENDOR_BRAZE_REST_KEY`: a REST endpoint, and a key with the permissions that
   * the checks need.
   */
  readonly braze: { readonly url: string; readonly key: string } | undefined;
  /**
   * `VENDOR_MIXPANEL_API_URL`, `VENDOR_MIXPANEL_SERVICE_ACCOUNT`, `VENDOR_MIXPANEL_SERVICE_SECRET`,
   * `VENDOR_MIXPANEL_PROJECT_ID`, `VENDOR_MIXPANEL_TOKEN`: an ingestion host, and a project for test events.
   */
  readonly mixpanel:
    | {
        readonly url: string;
        readonly serviceAccount: string;
        readonly serviceSecret: string;
        readonly projectId: string;
        readonly token: string;
      }
    | undefined;
  /** `VENDOR_RECORD=1`: writes the date into the simulator's rules. */
  readonly record: boolean;
}

export function vendorSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): VendorSettings {
  const { VENDOR_BRAZE_REST_URL: url, VENDOR_BRAZE_REST_KEY: key } = env;
  const {
    VENDOR_MIXPANEL_API_URL: api,
    VENDOR_MIXPANEL_SERVICE_ACCOUNT: serviceAccount,
    VENDOR_MIXPANEL_SERVICE_SECRET: serviceSecret,
    VENDOR_MIXPANEL_PROJECT_ID: projectId,
    VENDOR_MIXPANEL_TOKEN: token,
  } = env;
  return {
    braze: url && key ? { url, key } : undefined,
    mixpanel:
      api && serviceAccount && serviceSecret && projectId && token
        ? { url: api, serviceAccount, serviceSecret, projectId, token }
        : undefined,
    record: env.VENDOR_RECORD === '1',
  };
}
