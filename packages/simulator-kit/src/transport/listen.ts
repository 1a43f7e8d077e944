import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Simulator } from '../simulator.ts';
import { serverCertificate, type TlsOptions } from '../tls/server-certificate.ts';
import { createExpressFace, type FaceOptions } from './express.ts';

export interface ListenOptions extends FaceOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  /** 127.0.0.1 by default: a simulator has no secrets worth the name, and no business on a network. */
  readonly host?: string | undefined;
  /** HTTPS, with a certificate of an authority that is kept for this user. Off by default. */
  readonly tls?: TlsOptions | boolean | undefined;
  /** What it holds at the start and after a reset: a state as `GET /_sim/state` gives it. */
  readonly begin?: unknown;
  /** How long a client may take to send a request whole, in real milliseconds; a minute by default. Then 408. */
  readonly requestTimeout?: number | undefined;
}

export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** With TLS: the file of the authority's certificate, for `NODE_EXTRA_CA_CERTS`, and the certificate itself (PEM). */
  readonly authority?: { readonly certFile: string; readonly cert: string };
  /** Closes every connection, those that hang included, and lets the simulator's clock go. */
  close(): Promise<void>;
}

/** @throws with one sentence when the port can't be had, and when the state to begin with is none of this simulator. */
export async function listen(simulator: Simulator, options: ListenOptions = {}): Promise<Listening> {
  const { port = 0, host = '127.0.0.1', tls = false, requestTimeout = 60_000 } = options;
  if (options.begin !== undefined) await simulator.begin(options.begin);
  const certificate =
    tls === false ? undefined : await serverCertificate(simulator.name, tls === true ? {} : tls);
  const patience = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(1_000, requestTimeout),
  };
  const face = createExpressFace(simulator, options);
  const server: Server = certificate
    ? createTlsServer({ ...patience, key: certificate.key, cert: certificate.cert }, face)
    : createServer(patience, face);
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
  const { authority } = certificate ?? {};
  return {
    url: `http${certificate ? 's' : ''}://${name}:${address.port}`,
    port: address.port,
    ...(authority && { authority: { certFile: authority.certFile, cert: authority.cert } }),
    close,
    [Symbol.asyncDispose]: close,
  };
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
