import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryBound } from './memory-bound.ts';
import { type Body, readBody, requestCost } from './read-body.ts';

const limit = 1_000;
let bound: MemoryBound;
let bodies: Body[];
let server: Server;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  bound = new MemoryBound(1_500 + 2 * requestCost);
  bodies = [];
  server = createServer(async (request, response) => {
    bodies.push(await readBody(request, limit, bound));
    response.end();
  });
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

/** Sends the head of a request that announces `length` bytes, and the first `sent` of them. */
function begin(length: number, sent: number): Socket {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(sent)}`);
  return socket;
}

it('bodies in progress share one limit: a body above it is refused, and its memory is released', async () => {
  begin(1_000, 900);
  await vi.waitFor(() => expect(bound.held).toBe(900 + requestCost));
  const other = begin(1_000, 700);
  await vi.waitFor(() => expect(bodies).toEqual([{ kind: 'refused', code: 'too_busy' }]));
  expect(bound.held).toBe(900 + requestCost);
  other.destroy();
});

it('a body holds its memory until it is released', async () => {
  begin(1_000, 1_000);
  await vi.waitFor(() => expect(bodies).toHaveLength(1));
  expect(bound.held).toBe(1_000 + requestCost);
  const [body] = bodies;
  if (body?.kind === 'read') body.release();
  expect(bound.held).toBe(0);
});

it('a client that disconnects in the middle of a body releases its memory and gets no answer', async () => {
  const socket = begin(1_000, 500);
  await vi.waitFor(() => expect(bound.held).toBe(500 + requestCost));
  socket.destroy();
  await vi.waitFor(() => expect(bodies).toEqual([{ kind: 'aborted' }]));
  expect(bound.held).toBe(0);
});

it('a body that announces too many bytes is refused before a byte of it is kept', async () => {
  begin(1_001, 0);
  await vi.waitFor(() => expect(bodies).toEqual([{ kind: 'refused', code: 'body_too_large' }]));
});

it('many concurrent requests with tiny bodies are limited: the one above the limit is refused', async () => {
  begin(10, 1);
  begin(10, 1);
  await vi.waitFor(() => expect(bound.held).toBe(2 + 2 * requestCost));
  begin(10, 10);
  await vi.waitFor(() => expect(bodies).toEqual([{ kind: 'refused', code: 'too_busy' }]));
  expect(bound.held).toBe(2 + 2 * requestCost);
});
