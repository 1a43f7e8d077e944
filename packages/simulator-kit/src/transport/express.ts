import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
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
 * The simulator as an Express app. Bodies stay unparsed, and connections are closed if the answer demands it.
 */
export function createExpressApp(
  simulator: Simulator,
  { bodyLimit = 64 * 1024 * 1024, allowHosts = [] }: HttpOptions = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/_sim/console', consoleOnDemand(simulator.name));
  app.get('/', (request, response, next) => {
    // A browser that opens the server wants its console; any other client wants the vendor's answer.
    if (request.headers.accept?.includes('text/html')) response.vary('Accept').redirect('/_sim/console/');
    else next();
  });
  app.use(async (request, response) => {
    const incoming = incomingOf(request, response, bodyLimit);
    const foreign = isControl(incoming.path) ? refusalOfHost(incoming.headers, allowHosts) : undefined;
    const answer =
      foreign === undefined ? await simulator.dispatch(incoming) : respond(403, { error: foreign });
    await send(answer, request, response);
  });
  app.use(answerError);
  return app;
}

/** The console, loaded at its first request so that a simulator starts sooner. */
function consoleOnDemand(name: string): RequestHandler {
  let loading: Promise<RequestHandler> | undefined;
  return async (request, response, next) => {
    loading ??= import('@braze-mixpanel/console').then(({ consoleRouter }) =>
      consoleRouter({ servers: [{ name, kind: 'simulator', api: '../../' }] }),
    );
    (await loading)(request, response, next);
  };
}

/**
 * The error handler. Express's default page would show a stack trace, as HTML, to a client that expects the
 * vendor.
 */
const answerError: ErrorRequestHandler = (error, { method, path }, response, next) => {
  if (response.headersSent) return next(error);
  console.error(`Defect of the simulator at ${method} ${path}:`, error);
  const reason = error instanceof Error ? error.message : String(error);
  response.status(500).json({ error: `The simulator itself failed to answer ${method} ${path}: ${reason}` });
};

function incomingOf(request: Request, response: Response, bodyLimit: number): IncomingRequest {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    method: request.method,
    ...splitTarget(request.originalUrl),
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

async function send(answer: SimAnswer, request: Request, response: Response): Promise<void> {
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
