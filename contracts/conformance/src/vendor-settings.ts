/** Keys of real, throw-away accounts, from the environment; absent, and the suites run against the simulators alone. */
export interface VendorSettings {
  /** `VENDOR_BRAZE_REST_URL`, `VENDOR_BRAZE_REST_KEY`: a REST endpoint, and a key that may do everything the checks do. */
  readonly braze: { readonly url: string; readonly key: string } | undefined;
  /** `VENDOR_RECORD=1`: writes the day into the simulator's rules. */
  readonly record: boolean;
}

export function vendorSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): VendorSettings {
  const { VENDOR_BRAZE_REST_URL: url, VENDOR_BRAZE_REST_KEY: key } = env;
  return { braze: url && key ? { url, key } : undefined, record: env.VENDOR_RECORD === '1' };
}
