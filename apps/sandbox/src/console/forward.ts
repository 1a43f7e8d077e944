import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * A handler that passes a request on to another server on this machine, and its answer back, streams included.
 *
 * @param target address of that server; the path of the request is appended.
 * @param headers headers in addition to those of the request, such as a token that the caller need not know.
 */
export function forward(target: string, headers: Readonly<Record<string, string>> = {}) {
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    const { origin: _, host: __, ...rest } = incoming.headers;
    const outgoing = request(new URL(target + (incoming.url ?? '/')), {
      method: incoming.method,
      headers: { ...rest, ...headers },
    });
    outgoing.once('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // Before the first bytes of a stream, which may be long in coming.
      response.flushHeaders();
      pipeline(answer, response).catch(() => response.destroy());
    });
    outgoing.once('error', () => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(502, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `${target} does not respond.` }));
    });
    response.once('close', () => outgoing.destroy());
    pipeline(incoming, outgoing).catch(() => {});
  };
}
