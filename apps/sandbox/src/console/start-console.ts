import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { consoleRouter } from '@braze-mixpanel/console';
import { foreignCaller, isLoopbackName } from '@braze-mixpanel/core/http';
import express, { type RequestHandler } from 'express';
import { type Stack, sandboxKeys } from '../wiring.ts';
import { forward } from './forward.ts';

export interface RunningConsole extends AsyncDisposable {
  readonly url: string;
}

export interface ConsoleOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** Token for the API of the service; that of the sandbox by default. */
  readonly adminToken?: string;
  /** Number of newest events that mock Mixpanel keeps, if older ones are dropped. */
  readonly keptEvents?: number;
}

/**
 * The console of a sandbox: one page for all three servers, below one origin on loopback. Requests to the service get
 * the sandbox's token here, so that neither the page nor its user needs one; pages of other origins are refused.
 */
export async function startConsole(stack: Stack, options: ConsoleOptions = {}): Promise<RunningConsole> {
  const { port = 0, adminToken = sandboxKeys.adminToken, keptEvents } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use(refuseForeign);
  app.use('/to/service', forward(stack.service, { authorization: `Bearer ${adminToken}` }));
  app.use('/to/mock-braze', forward(stack.braze));
  app.use('/to/mock-mixpanel', forward(stack.mixpanel));
  app.use(
    consoleRouter({
      servers: [
        { name: 'service', kind: 'service', api: 'to/service/', url: stack.service },
        { name: 'mock-braze', kind: 'simulator', api: 'to/mock-braze/', url: stack.braze },
        { name: 'mock-mixpanel', kind: 'simulator', api: 'to/mock-mixpanel/', url: stack.mixpanel },
      ],
      asksForToken: false,
      hasDeliveryReport: true,
      currentsToken: sandboxKeys.currentsToken,
      mixpanelKeys: { apiSecret: sandboxKeys.mixpanelSecret, token: sandboxKeys.mixpanelToken },
      keptEvents,
    }),
  );
  const server = app.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${chosen}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Refuses pages of every other origin, those of this machine too: their requests would act with the sandbox's token. */
const refuseForeign: RequestHandler = ({ headers }, response, next) => {
  const { host, origin } = headers;
  const isOwn = origin === undefined || origin === `http://${host}`;
  if (isOwn && foreignCaller({ host }, isLoopbackName) === undefined) return next();
  const error =
    'The console of the sandbox answers only its own page, on this machine: open it at 127.0.0.1 or localhost.';
  response.status(403).json({ error });
};
