/** The sending side of a Current: mock-braze's own sender and Custom HTTP connector. */
import {
  CurrentsSender,
  customHttpConnector,
  defaultSettings,
  retryPolicies,
} from '@braze-mixpanel/mock-braze';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';

/**
 * A Current that sends to this receiver. Its clock is frozen, since later retries are not part of an
 * exchange.
 */
export function currentTo(url: string, token: string = sandboxKeys.currentsToken) {
  const connector = customHttpConnector({ endpoint: `${url}/currents`, token, batchSize: () => 100 });
  const { flushInterval, concurrency, requestTimeout, retryGeneration, backoffBase, backoffLimit } =
    defaultSettings;
  const sender = new CurrentsSender(connector, {
    fetch,
    clock: { now: () => 0, schedule: () => () => {} },
    random: () => 0,
    settings: () => ({
      flushInterval,
      concurrency,
      requestTimeout,
      retry: retryPolicies[retryGeneration],
      backoff: { base: backoffBase, limit: backoffLimit },
    }),
    onDisable: () => {},
  });
  return {
    /** Sends these as one batch and resolves to their outcome. */
    async send(eventType: string, events: readonly unknown[]) {
      for (const event of events) {
        const encoded = connector.encode(event);
        if (encoded.kind !== 'send') throw new Error(`Braze does not send this event: ${encoded.reason}`);
        sender.enqueue(eventType, encoded.text);
      }
      const attempts = await sender.flush();
      const { sent, dropped, queues } = sender.report();
      return {
        statuses: attempts.map(({ status }) => status),
        sent,
        dropped,
        held: queues[0]?.held ?? 0,
      };
    },
    /** Sends the credential probe. */
    probe: () => sender.once('(credential probe)', []),
  };
}
