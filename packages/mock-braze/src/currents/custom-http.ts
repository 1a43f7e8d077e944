import { type Connector, httpDelivery, type Verdict, writeEvent } from './connector.ts';

/** The Custom HTTP connector's reaction to each status (Braze, Custom HTTP connector, 2026). */
function customHttpVerdict(status: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken', dropped: 0 };
  if (status === 400) return { kind: 'alone' };
  if (status === 413) return { kind: 'split' };
  if (status === 401 || status === 403 || status === 404) return { kind: 'refused' };
  return { kind: 'transient' };
}

/** The Custom HTTP connector: unchanged Currents events as `{"events":[…]}` to the customer's endpoint. */
export function customHttpConnector(settings: {
  readonly endpoint: string;
  readonly token?: string | undefined;
  readonly batchSize: () => number;
}): Connector {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'Braze-Currents-Version': '1',
  };
  if (settings.token !== undefined) headers.Authorization = `Bearer ${settings.token}`;
  return {
    get batchSize() {
      return settings.batchSize();
    },
    encode: writeEvent,
    deliver: httpDelivery(
      items => ({ url: settings.endpoint, headers, body: `{"events":[${items.join(',')}]}` }),
      customHttpVerdict,
    ),
  };
}
