/** A workspace whose analytics are asked, at noon of 2026-01-15 UTC. For this package's tests. */
import { createClock } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeOptions } from '../mock-braze.ts';
import { simulatedBraze } from './simulated-braze.ts';

/** Noon of 2026-01-15 UTC, in milliseconds since 1970. */
export const noon = Date.UTC(2026, 0, 15, 12);

export async function analyticsWorld(options: MockBrazeOptions = {}) {
  const clock = createClock({ start: noon, frozen: true });
  const braze = await simulatedBraze({ clock, ...options });
  /** The answer to a GET with this REST key. */
  const get = (path: string, key = 'braze-rest-key') =>
    braze.call('GET', path, undefined, { authorization: `Bearer ${key}` });
  return { ...braze, clock, get };
}

/** An event of a message, by the end of its type: `email.Send`. Time: seconds since 1970. */
export function message(
  type: string,
  { user = 'ada', time = noon / 1_000, ...properties }: Record<string, unknown> = {},
) {
  return {
    event_type: `users.messages.${type}`,
    time,
    user: { user_id: user },
    properties: { campaign_id: 'c1', message_variation_id: 'v1', dispatch_id: 'd1', ...properties },
  };
}
