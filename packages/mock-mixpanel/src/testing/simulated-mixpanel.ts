import { createClock } from '@braze-mixpanel/simulator-kit';
import { createMockMixpanel } from '../mock-mixpanel.ts';
import type { MockMixpanelOptions } from '../model.ts';

export const now = Date.parse('2026-01-31T12:00:00Z');
export const token = 'mixpanel-token';
export const seconds = now / 1000;

export const basic = (user: string, password = ''): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

interface Calling {
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** A simulated Mixpanel on a frozen clock, without a server. */
export function projectWorld(options: MockMixpanelOptions = {}) {
  const clock = createClock({ start: now, frozen: true });
  const mixpanel = createMockMixpanel({ clock, ...options });

  async function call(target: string, body?: unknown, { method, headers = {} }: Calling = {}) {
    const url = new URL(target, 'http://127.0.0.1');
    const bytes =
      body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(
            body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
          );
    const answer = await mixpanel.simulator.dispatch({
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      path: url.pathname,
      query: url.searchParams,
      headers: { host: '127.0.0.1', ...headers },
      readBody: async () => bytes,
    });
    if (answer.kind !== 'respond') throw new Error(`${target} ended in a ${answer.kind}`);
    const read = answer.body instanceof ReadableStream ? await new Response(answer.body).json() : answer.body;
    return { status: answer.status, body: read as unknown, headers: answer.headers ?? {} };
  }

  const form = (parameters: Record<string, string>) => String(new URLSearchParams(parameters));
  const asForm = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  return {
    ...mixpanel,
    call,
    /** A request as client libraries send it: a form with `data` as JSON text. */
    post: (path: string, data: unknown, parameters: Record<string, string> = {}) =>
      call(path, form({ data: JSON.stringify(data), ...parameters }), asForm),
    events: async () =>
      (
        (await call('/_sim/events')).body as {
          events: { event: string; properties: Record<string, unknown> }[];
        }
      ).events,
    profile: async (id: string) =>
      ((await call(`/_sim/profiles?distinct_id=${id}`)).body as { properties: Record<string, unknown> }[])[0]
        ?.properties,
    members: async (id: number) =>
      ((await call(`/_sim/cohorts/${id}`)).body as { members: { distinct_id: string }[] }).members
        .map(({ distinct_id }) => distinct_id)
        .sort(),
  };
}
