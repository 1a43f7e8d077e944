import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterEach, beforeEach } from 'vitest';
import { type RunningMockMixpanel, startMockMixpanel } from '../index.ts';
import { basic, now, seconds } from './simulated-mixpanel.ts';

export const event = (insertId: string, properties: Record<string, unknown> = {}) => ({
  event: 'Email Send',
  properties: { time: seconds - 60, distinct_id: 'ada', $insert_id: insertId, ...properties },
});

interface Sending {
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** A listening mock Mixpanel for each test of a file. */
export function runningMixpanel() {
  const world = { mixpanel: undefined as unknown as RunningMockMixpanel };
  beforeEach(async () => {
    world.mixpanel = await startMockMixpanel({ clock: createClock({ start: now, frozen: true }) });
  });
  afterEach(() => world.mixpanel.close());

  async function send(body: object | string, { query = '?strict=1', headers = {} }: Sending = {}) {
    const answer = await fetch(`${world.mixpanel.url}/import${query}`, {
      method: 'POST',
      headers: { authorization: basic('mixpanel-token'), 'content-type': 'application/json', ...headers },
      body:
        typeof body === 'string'
          ? body
          : body instanceof Uint8Array
            ? new Uint8Array(body)
            : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async function stored(query = '') {
    const answer = await fetch(`${world.mixpanel.url}/_sim/events${query}`);
    return (await answer.json()) as {
      events: { event: string; properties: Record<string, unknown> }[];
      raw: number;
      unique: number;
    };
  }
  const storedIds = async () => (await stored()).events.map(({ properties }) => properties.$insert_id);

  return { world, send, stored, storedIds };
}
