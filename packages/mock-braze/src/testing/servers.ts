import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { type RunningMockBraze, type StartOptions, startMockBraze } from '../mock-braze.ts';

export interface Received {
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

/** The servers of a test file, each closed after its test. */
export function servers() {
  const open: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const server of open.splice(0).reverse()) await server[Symbol.asyncDispose]();
  });

  /** An endpoint that records its requests, with answers chosen by the test. */
  async function receiver(
    answer: (body: unknown) => { status: number; body?: unknown } = () => ({ status: 200 }),
  ) {
    const received: Received[] = [];
    const server = createServer(async (request, response) => {
      const body: unknown = JSON.parse((await buffer(request)).toString());
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const given = answer(body);
      response.writeHead(given.status).end(JSON.stringify(given.body ?? {}));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const close = () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    open.push({ [Symbol.asyncDispose]: close });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
  }

  async function braze(options: StartOptions = {}) {
    const running: RunningMockBraze = await startMockBraze({ seed: 1, ...options });
    open.push(running);
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(running.url + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { ...running, call };
  }

  return { receiver, braze };
}

export const event = (
  id: string,
  eventType = 'users.messages.email.Send',
  externalUserId: string | null = 'user-1',
) => ({
  event_type: eventType,
  id,
  time: 1_700_000_000,
  user: { external_user_id: externalUserId },
  properties: {},
});

export const idsOf = (received: readonly Received[]) =>
  received.flatMap(({ body }) => (body as { events: { id: string }[] }).events.map(({ id }) => id));
