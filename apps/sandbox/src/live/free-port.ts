import { once } from 'node:events';
import { createServer } from 'node:net';

/** The usual port, or 0 (any free one) if another program uses it. */
export async function freePort(expected: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(expected, '127.0.0.1');
    await once(server, 'listening');
    return expected;
  } catch {
    return 0;
  } finally {
    await new Promise<void>(resolve => server.close(() => resolve()));
  }
}
