const account = 'service-account';
const secret = 'service-secret';
const projectId = '12345';

/** Settings of a connection that delivers to a simulated Mixpanel project, and reads from it, as a service account. */
export const accountSettings = (url: string) => ({
  MIXPANEL_API_URL: url,
  MIXPANEL_QUERY_URL: url,
  MIXPANEL_SERVICE_ACCOUNT: account,
  MIXPANEL_SERVICE_SECRET: secret,
  MIXPANEL_PROJECT_ID: projectId,
});

/** An event as `/import` receives it. */
export interface ImportRow {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Imports events as another sender does, such as the native integration: under `$insert_id`s of its own. */
export async function importNatively(url: string, rows: readonly ImportRow[]): Promise<void> {
  const native = rows.map(({ event, properties }, index) => ({
    event,
    properties: { ...properties, $insert_id: `native-${index}` },
  }));
  const response = await fetch(`${url}/import?strict=1&project_id=${projectId}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(native),
  });
  if (!response.ok) throw new Error(`The import was answered ${response.status}: ${await response.text()}`);
}
