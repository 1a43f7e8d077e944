import { createServer, type Server } from 'node:http';
import type { Simulator } from '../simulator.ts';
import { createExpressFace, type FaceOptions } from './express.ts';

export interface ListenOptions extends FaceOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default: a simulator has no secrets worth the name, and no business on a network. */
  readonly host?: string;
}

export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Closes every connection, those that hang included, and lets the simulator's clock go. */
  close(): Promise<void>;
}

/** @throws with one sentence when the port can't be had. */
export async function listen(simulator: Simulator, options: ListenOptions = {}): Promise<Listening> {
  const { port = 0, host = '127.0.0.1' } = options;
  const server = createServer(createExpressFace(simulator, options));
  await opened(server, port, host);
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error(`${simulator.name} has no port at ${host}.`);
  const name =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closed(server).then(() => simulator.close());
    return closing;
  };
  return { url: `http://${name}:${address.port}`, port: address.port, close, [Symbol.asyncDispose]: close };
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyNot(error, port, host), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} at ${host} is taken by another process. Choose another with --port or PORT (0 takes any free one).`;
  }
  if (error.code === 'EACCES')
    return `Port ${port} at ${host} needs rights this process does not have. Choose one above 1023.`;
  return `Could not listen at ${host}:${port}: ${error.message}`;
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
