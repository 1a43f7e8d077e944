import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, errors } from '../errors/catalogue.ts';
import type { ErrorEntry } from '../errors/error-entry.ts';
import { STATUS_CODES } from './node-http.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request_head_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_too_slow',
};

/**
 * Answers bytes that are no HTTP request, which the application never sees, with an entry of the error
 * catalogue, and closes the connection. Nothing is written into an answer that has begun.
 */
export function answerProtocolErrors(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => answers.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const last = answers.get(socket);
    const hasBegun = last?.headersSent === true && !last.writableFinished;
    if (socket.writable && !hasBegun && error.code !== 'ECONNRESET') socket.write(answerTo(error.code));
    socket.destroy();
  });
}

function answerTo(cause = ''): string {
  const code = codes[cause] ?? 'protocol_malformed';
  const { status = 400, message }: ErrorEntry = errors[code];
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
