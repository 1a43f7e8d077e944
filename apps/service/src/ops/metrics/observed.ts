/** Wraps what goes out and in, so that it is measured where it happens and nobody in between knows of metrics. */
import type { ImportClient } from '../../delivery/import-client.ts';
import type { Journal } from '../../storage/types.ts';
import type { ServiceMetrics } from './service-metrics.ts';

export function observedImport(
  send: ImportClient,
  connection: string,
  { metrics, monotonic }: { metrics: ServiceMetrics; monotonic: () => number },
): ImportClient {
  return async (events, signal) => {
    const began = monotonic();
    const exchange = await send(events, signal);
    const answer = exchange.kind === 'lost' ? 'lost' : String(exchange.status);
    metrics.imported(connection, answer, (monotonic() - began) / 1_000);
    return exchange;
  };
}

export function observedAppend(
  journal: Pick<Journal, 'append'>,
  metrics: ServiceMetrics,
): Pick<Journal, 'append'> {
  return {
    async append(batch) {
      const { connection, receivedAt } = batch;
      await journal.append(batch);
      metrics.batch(connection, receivedAt);
    },
  };
}

/** Requests about cohorts: which vendor they go to is told by their path. */
export function observedFetch(
  fetch: typeof globalThis.fetch,
  connection: string,
  { metrics, monotonic }: { metrics: ServiceMetrics; monotonic: () => number },
): typeof globalThis.fetch {
  return async (input, init) => {
    const began = monotonic();
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const vendor = pathname.startsWith('/api/') ? 'mixpanel' : 'braze';
    let answer = 'lost';
    try {
      const response = await fetch(input, init);
      answer = String(response.status);
      return response;
    } finally {
      metrics.cohortRequest(connection, vendor, answer, (monotonic() - began) / 1_000);
    }
  };
}
