import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type Request, type Response } from 'express';
import { toWire, wholeBody } from '../answer.ts';
import { BodyTooLarge, type IncomingRequest, type Simulator } from '../simulator.ts';
import type { SimAnswer } from '../types.ts';
import { splitTarget } from './incoming.ts';

export interface FaceOptions {
  /** The longest body taken, in bytes; 64 MB by default. */
  readonly bodyLimit?: number;
}

/** The simulator behind Express: bodies stay as they came over the wire, and connections break where the answer says so. */
export function createExpressFace(
  simulator: Simulator,
  { bodyLimit = 64 * 1024 * 1024 }: FaceOptions = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(async (request, response) => {
    const answer = await simulator.dispatch(incomingOf(request, response, bodyLimit));
    await send(answer, request, response);
  });
  return app;
}

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
  // The rest of a body that is too long is taken and thrown away, so that the client gets to read why.
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
    request.socket.resetAndDestroy();
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
  // A reader that leaves early ends the stream: nothing to repair, nobody to tell.
  else await pipeline(Readable.fromWeb(wire.body), response).catch(() => {});
}
