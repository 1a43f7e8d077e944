/** Keys of real, throw-away accounts, from the environment; absent, and the suites run against the simulators alone. */
export interface VendorSettings {
  /** `VENDOR_BRAZE_REST_URL`, `VENDOR_BRAZE_REST_KEY`: a REST endpoint, and a key that may do everything the checks do. */
  readonly braze: { readonly url: string; readonly key: string } | undefined;
  /**
   * `VENDOR_MIXPANEL_API_URL`, `VENDOR_MIXPANEL_SERVICE_ACCOUNT`, `VENDOR_MIXPANEL_SERVICE_SECRET`, `VENDOR_MIXPANEL_PROJECT_ID`,
   * `VENDOR_MIXPANEL_TOKEN`: an ingestion host, and a project that takes test events.
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
  /** `VENDOR_RECORD=1`: writes the day into the simulator's rules. */
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
