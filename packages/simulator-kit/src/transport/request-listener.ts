import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { respond, toWire, wholeBody } from '../answer.ts';
import { isControl } from '../dispatch/answer-control.ts';
import { BodyTooLarge, type IncomingRequest } from '../dispatch/incoming-request.ts';
import type { Simulator } from '../simulator.ts';
import type { SimAnswer } from '../types.ts';
import { refusalOfHost } from './local-only.ts';
import { splitTarget } from './split-target.ts';

/** The options of the HTTP transport. */
export interface HttpOptions {
  /** Longest accepted body, in bytes; 64 MB by default. */
  readonly bodyLimit?: number | undefined;
  /** Public host names allowed for the control API, in addition to this machine's and private ones. */
  readonly allowHosts?: readonly string[] | undefined;
}

/**
 * The simulator as a request listener: for `http.createServer`, or `use` of an Express app. Bodies stay
 * unparsed, and connections are closed if the answer demands it.
 */
export function createRequestListener(
  simulator: Simulator,
  { bodyLimit = 64 * 1024 * 1024, allowHosts = [] }: HttpOptions = {},
): RequestListener {
  const showConsole = consoleOnDemand(simulator.name);
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = incomingOf(request, response, bodyLimit);
    const { path, headers } = incoming;
    if (path === consolePath || path.startsWith(`${consolePath}/`)) return showConsole(request, response);
    if (path === '/' && isOfBrowser(request)) return void leadToConsole(response);
    const foreign = isControl(path) ? refusalOfHost(headers, allowHosts) : undefined;
    const answer =
      foreign === undefined ? await simulator.dispatch(incoming) : respond(403, { error: foreign });
    await send(answer, request, response);
  };
  return (request, response) =>
    void answerTo(request, response).catch(error => answerDefect(error, request, response));
}

const consolePath = '/_sim/console';

/** The console and its framework, loaded at its first request so that a simulator starts sooner. */
function consoleOnDemand(
  name: string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let loading: Promise<RequestListener> | undefined;
  const load = async () => {
    const [{ default: express }, { consoleRouter }] = await Promise.all([
      import('express'),
      import('@braze-mixpanel/console'),
    ]);
    const app = express().disable('x-powered-by').disable('etag');
    return app.use(consolePath, consoleRouter({ servers: [{ name, kind: 'simulator', api: '../../' }] }));
  };
  return async (request, response) => {
    loading ??= load();
    (await loading)(request, response);
  };
}

/** A browser that opens the server wants its console; any other client wants the vendor's answer. */
function isOfBrowser({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;
}

function leadToConsole(response: ServerResponse): void {
  response.writeHead(302, { location: `${consolePath}/`, vary: 'Accept', 'content-length': 0 }).end();
}

/** The answer to a defect of the simulator: JSON, as a client of the vendor expects, without a stack trace. */
function answerDefect(error: unknown, { method, url }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) return void response.destroy();
  const { path } = splitTarget(url ?? '/');
  console.error(`Defect of the simulator at ${method} ${path}:`, error);
  const reason = error instanceof Error ? error.message : String(error);
  const body = { error: `The simulator itself failed to answer ${method} ${path}: ${reason}` };
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function incomingOf(request: IncomingMessage, response: ServerResponse, bodyLimit: number): IncomingRequest {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    method: request.method ?? 'GET',
    ...splitTarget(request.url ?? '/'),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    signal: gone.signal,
    readBody: () => readBody(request, bodyLimit),
  };
}

async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The rest of an oversized body is read and dropped, so that the client can read the error.
  const refuse = () => {
    request.resume();
    return new BodyTooLarge(limit);
  };
  if (Number(request.headers['content-length'] ?? 0) > limit) throw refuse();
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        chunks.length = 0;
        reject(refuse());
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () =>
      reject(new Error('The client closed the connection before its body was complete.')),
    );
  });
}

async function send(answer: SimAnswer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  if (answer.kind === 'reset') {
    // A TLS socket can't be reset; the client sees a closed connection without an answer either way.
    if (request.socket instanceof TLSSocket) request.socket.destroy();
    else request.socket.resetAndDestroy();
    return;
  }
  if (answer.kind === 'hang') return;
  const wire = toWire(answer.kind === 'truncate' ? answer.answer : answer);
  response.writeHead(wire.status, {
    ...wire.headers,
    ...(wire.body instanceof Uint8Array && { 'content-length': wire.body.length }),
  });
  if (answer.kind === 'truncate') {
    const whole = await wholeBody(wire);
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => request.socket.destroy());
    return;
  }
  if (request.method === 'HEAD') response.end();
  else if (wire.body instanceof Uint8Array) response.end(wire.body);
  // A client that disconnects early ends the stream, which is not an error.
  else await pipeline(Readable.fromWeb(wire.body), response).catch(() => {});
}
