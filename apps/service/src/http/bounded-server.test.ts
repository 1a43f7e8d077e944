import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryBound } from '../events/ingest/memory-bound.ts';
import { readBody } from '../events/ingest/read-body.ts';
import { boundedServer, serverBounds } from './bounded-server.ts';

const bound = new MemoryBound(1_000_000);
let server: Server;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  server = boundedServer(
    async (incoming, response) => {
      const body = await readBody(incoming, 100_000, bound);
      if (body.kind === 'read') body.release();
      if (body.kind !== 'aborted') response.end(body.kind);
    },
    { headMs: 150, requestMs: 300, checkMs: 20, headBytes: serverBounds.headBytes },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Everything the server sends until it closes the connection. */
async function answerTo(write: (socket: Socket) => void): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  sockets.push(socket);
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  write(socket);
  // `once` would reject at the reset that a late write causes.
  await new Promise(resolve => socket.once('close', resolve));
  return answer;
}

describe('a slow sender', () => {
  it('of headers, one now and then, gets a 408 and is disconnected', async () => {
    const answer = await answerTo(socket => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\n');
      const trickle = setInterval(() => socket.write('X-More: 1\r\n'), 20);
      socket.once('close', () => clearInterval(trickle));
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
    const message = expect.stringMatching(/\.$/);
    expect(JSON.parse(body)).toEqual({ error: { code: 'request_too_slow', message } });
  });

  it('of a body, byte by byte, is disconnected, and its memory is released', async () => {
    await answerTo(socket => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
      const trickle = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(trickle));
    });
    await vi.waitFor(() => expect(bound.held).toBe(0));
  });

  it('does not block other clients', async () => {
    for (let count = 0; count < 200; count += 1)
      sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x' });
    expect(await response.text()).toBe('read');
  });
});

describe('a request head', () => {
  it('above 16 kB is answered 431', async () => {
    const answer = await answerTo(socket =>
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('of a thousand headers is answered 431', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `X-Header-${index}: value\r\n`).join('');
    const answer = await answerTo(socket => socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${many}\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('with two lengths, or a length and chunks, is refused: a proxy that reads it otherwise could be deceived', async () => {
    const both =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await answerTo(socket => socket.write(both))).toMatch(/^HTTP\/1\.1 400 /);
    const twice = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx';
    expect(await answerTo(socket => socket.write(twice))).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('of an ordinary size is served', async () => {
    for (let count = 0; count < 3; count += 1) {
      const answered = request({ port, method: 'POST', headers: { 'x-some': 'y'.repeat(4_000) } }).end('x');
      const [response] = await once(answered, 'response');
      response.resume();
      expect(response.statusCode).toBe(200);
    }
  });
});
