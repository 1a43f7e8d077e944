import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';

/** One request to `/import`, with methods to answer it in any way that a network can. */
export interface ImportRequest {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly events: ImportEvent[];
  /** Stores events as imported; all of them when none are given. */
  store(events?: ImportEvent[]): void;
  answer(status: number, body: unknown, headers?: Record<string, string>): void;
  /** Closes the connection without an answer. */
  cut(): void;
  /** Sends half of an answer, then closes the connection. */
  truncate(): void;
}

export type Behaviour = (request: ImportRequest) => void | Promise<void>;

export const accepts: Behaviour = request => {
  request.store();
  request.answer(200, { code: 200, num_records_imported: request.events.length, status: 'OK' });
};
export const answers =
  (status: number, body: unknown = { error: 'no' }, headers?: Record<string, string>): Behaviour =>
  request =>
    request.answer(status, body, headers);

/**
 * A Mixpanel whose every answer a test decides by `behaviour`. Tests that need Mixpanel's own rules use the
 * simulator instead.
 */
export class FakeMixpanel implements AsyncDisposable {
  behaviour: Behaviour = accepts;
  readonly requests: ImportRequest[] = [];
  /** Imported events, repetitions included. */
  readonly stored: ImportEvent[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async start(): Promise<FakeMixpanel> {
    let fake: FakeMixpanel | undefined;
    const server = createServer((request, response) => void fake?.receive(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    fake = new FakeMixpanel(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return fake;
  }

  /** Answers one request with each of these, then accepts. */
  plays(...behaviours: Behaviour[]): void {
    this.behaviour = request => (behaviours.shift() ?? accepts)(request);
  }

  /** Imported events as Mixpanel would show them: one for each `$insert_id`. */
  get unique(): Map<string, ImportEvent> {
    return new Map(this.stored.map(event => [event.properties.$insert_id, event]));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = await request.toArray();
    const events = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as ImportEvent[];
    const received: ImportRequest = {
      url: new URL(request.url ?? '/', this.url),
      authorization: request.headers.authorization,
      events,
      store: (some = events) => {
        for (const event of some) this.stored.push(event);
      },
      answer: (status, body, headers = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(typeof body === 'string' ? body : JSON.stringify(body)),
      cut: () => request.socket.destroy(),
      truncate: () => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"code":200,', () => request.socket.destroy());
      },
    };
    this.requests.push(received);
    await this.behaviour(received);
  }
}
