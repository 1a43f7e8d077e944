import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { maxHeaderSize, STATUS_CODES } from './node-http.ts';

const refusals: Readonly<Record<string, { readonly status: number; readonly error: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    error: `The address and the headers are longer than ${maxHeaderSize} bytes together. Send long data in the body of a POST request.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    error:
      'The request did not arrive in time. Start the simulator with a longer requestTimeout, or send it faster.',
  },
};
const malformed = {
  status: 400,
  error: 'The request is not valid HTTP/1.1. Check its method, its address and its headers.',
};

/**
 * Answers bytes that are no HTTP request, which no route ever sees, with a sentence, and closes the connection.
 * Nothing is written into an answer that has begun.
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
  const { status, error } = refusals[cause] ?? malformed;
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
