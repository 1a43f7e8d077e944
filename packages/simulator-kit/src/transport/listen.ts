import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Simulator } from '../simulator.ts';
import { serverCertificate, type TlsOptions } from '../tls/server-certificate.ts';
import { createServer } from './node-http.ts';
import { answerProtocolErrors } from './protocol-errors.ts';
import { createRequestListener, type HttpOptions } from './request-listener.ts';

/** The options of a listening simulator. */
export interface ListenOptions extends HttpOptions {
  /** 0, the default, means any free port. */
  readonly port?: number | undefined;
  /** 127.0.0.1 by default, since a simulator has no access control and should not be on a network. */
  readonly host?: string | undefined;
  /** HTTPS, with a certificate of a local authority that is kept for this user. Off by default. */
  readonly tls?: TlsOptions | boolean | undefined;
  /** The initial state, also used after a reset, as `GET /_sim/state` returns it. */
  readonly begin?: unknown;
  /** Time limit for a complete request, in real milliseconds; a minute by default. Then 408. */
  readonly requestTimeout?: number | undefined;
}

/**
 * Time for which an idle connection stays open, in milliseconds: longer than the pools of common clients keep
 * one. A server that closes first resets the request that a client sends at that moment.
 */
const keepAliveTimeout = 65_000;

/** A listening simulator. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /**
   * With TLS: the path of the authority's certificate, for `NODE_EXTRA_CA_CERTS`, and the certificate itself
   * (PEM).
   */
  readonly authority?: { readonly certFile: string; readonly cert: string };
  /** Closes all connections, including hanging ones, and the simulator. */
  close(): Promise<void>;
}

/**
 * A simulator served over HTTP or HTTPS.
 *
 * @throws Error with one sentence if the port is not available, or `begin` is not a valid state of this
 * simulator.
 */
export async function listen(simulator: Simulator, options: ListenOptions = {}): Promise<Listening> {
  const { port = 0, host = '127.0.0.1', tls = false, requestTimeout = 60_000 } = options;
  if (options.begin !== undefined) await simulator.begin(options.begin);
  const certificate =
    tls === false ? undefined : await serverCertificate(simulator.name, tls === true ? {} : tls);
  const timeouts = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(1_000, requestTimeout),
    keepAliveTimeout,
  };
  const listener = createRequestListener(simulator, options);
  const server: Server = certificate
    ? createTlsServer({ ...timeouts, key: certificate.key, cert: certificate.cert }, listener)
    : createServer(timeouts, listener);
  answerProtocolErrors(server);
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
      reject(new Error(messageOf(error, port, host), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function messageOf(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} at ${host} is in use by another process. Choose another with --port or PORT (0 means any free one).`;
  }
  if (error.code === 'EACCES')
    return `Port ${port} at ${host} needs privileges that this process lacks. Choose one above 1023.`;
  return `Could not listen at ${host}:${port}: ${error.message}`;
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
