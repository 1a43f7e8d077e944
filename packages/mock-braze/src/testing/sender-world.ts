import { createClock } from '@braze-mixpanel/simulator-kit';
import { customHttpConnector } from '../currents/custom-http.ts';
import { defaultBackoff, type RetryGeneration, retryPolicies } from '../currents/retry-policy.ts';
import { CurrentsSender } from '../currents/sender.ts';

export const minute = 60_000;
export const hour = 60 * minute;

interface Received {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly ids: string[];
  readonly at: number;
}

/**
 * A sender with an endpoint whose answers the test chooses: a status, or an error for a connection failure.
 */
export function senderWorld(
  answer: (ids: string[], request: number) => number | Error,
  { retry = 'newest' as RetryGeneration, batchSize = 100 } = {},
) {
  const clock = createClock({ frozen: true, start: Date.UTC(2026, 0, 1) });
  const received: Received[] = [];
  const taken: string[] = [];
  const world = { disabled: 0 };
  const sender = new CurrentsSender(
    customHttpConnector({
      endpoint: 'http://receiver.test/currents?workspace=A',
      token: 'secret',
      batchSize: () => batchSize,
    }),
    {
      clock,
      random: () => 0.5,
      fetch: async (url, init) => {
        const body = JSON.parse(String(init?.body)) as { events: { id: string }[] };
        const ids = body.events.map(event => event.id);
        received.push({
          url: String(url),
          headers: init?.headers as Record<string, string>,
          ids,
          at: clock.now(),
        });
        const given = answer(ids, received.length);
        if (given instanceof Error) throw given;
        if (given >= 200 && given < 300) for (const id of ids) taken.push(id);
        return new Response(given === 204 ? null : 'x'.repeat(1_000), { status: given });
      },
      settings: () => ({
        flushInterval: 5 * minute,
        concurrency: 4,
        requestTimeout: 1_000,
        retry: retryPolicies[retry],
        backoff: defaultBackoff,
      }),
      onDisable: () => {
        world.disabled += 1;
      },
    },
  );
  const happen = (eventType: string, ...ids: string[]) => {
    for (const id of ids) sender.enqueue(eventType, JSON.stringify({ event_type: eventType, id }));
  };
  return Object.assign(world, { clock, sender, received, taken, happen });
}

export const many = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
export const waitingOf = (sender: CurrentsSender) =>
  sender.report().queues.reduce((sum, queue) => sum + queue.pending + queue.waiting + queue.held, 0);
