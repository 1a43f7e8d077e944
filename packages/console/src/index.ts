/**
 * Web console: one page that shows the state of servers and lets a user act on them, the same for both
 * simulators and the service. The page uses only the servers' public HTTP APIs, so that everything it does is
 * possible with `curl`, too. Its content security policy allows only the server that it came from.
 *
 * @module
 */
import { catalogueVersions, customHttpEntries } from '@braze-mixpanel/core/currents';
import { deadReasons, mappingRules, skipReasons } from '@braze-mixpanel/core/mapping';
import express, { type RequestHandler, type Router } from 'express';
import { indexOf, loadPage, type Page, send } from './page.ts';

/** A server that the console shows. */
export interface ConsoleServer {
  /** Name in the address and the navigation, such as `mock-braze`. The views of a simulator depend on it. */
  readonly name: string;
  /** Kind of its API: `/_sim` of a simulator, or `/status` and `/api` of the service. */
  readonly kind: 'simulator' | 'service';
  /** Where its API begins, relative to the address of the console and with a slash at its end: `../` is one level up. */
  readonly api: string;
  /** Address at which the other servers reach it, for forms; by default none. */
  readonly url?: string;
}

/** Options of {@link consoleRouter}. */
export interface ConsoleOptions {
  /** The shown servers, one or more, all below the origin of the console. */
  readonly servers: readonly ConsoleServer[];
  /** Whether the console asks for a token of the service; `true` by default. */
  readonly asksForToken?: boolean;
  /** Whether mock Braze has a delivery report, as in the sandbox; `false` by default. */
  readonly hasDeliveryReport?: boolean;
  /** In a sandbox: the token with which Currents reach the service, for forms and the tour. Anybody who opens the console sees it. */
  readonly currentsToken?: string;
  /** In a sandbox: the keys with which a Mixpanel Export reaches mock-mixpanel, for forms. Anybody who opens the console sees them. */
  readonly mixpanelKeys?: { readonly apiSecret: string; readonly token: string };
  /** In a sandbox: number of newest events that its mock-mixpanel keeps; all by default. */
  readonly keptEvents?: number | undefined;
}

/** Event types that mock Braze can emit, by catalogue version. */
const eventTypes = Object.fromEntries(
  [...catalogueVersions.values()].map(catalogueVersion => [
    catalogueVersion.id,
    customHttpEntries(catalogueVersion).map(({ eventType }) => eventType),
  ]),
);

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Express router that serves the console. Mount it at a path of its own. It answers only `GET` and `HEAD`,
 * and needs no token, since it has no data: the page asks the user for the token of the API.
 *
 * Every path without a file is a view of the page, and is answered with the page.
 *
 * @example
 * ```ts
 * import { consoleRouter } from '@braze-mixpanel/console';
 *
 * const router = consoleRouter({ servers: [{ name: 'service', kind: 'service', api: '../' }] });
 * console.log(typeof router); // function
 * ```
 */
export function consoleRouter({
  servers,
  asksForToken = true,
  hasDeliveryReport = false,
  currentsToken,
  mixpanelKeys,
  keptEvents,
}: ConsoleOptions): Router {
  const about = {
    ...{ servers, asksForToken, hasDeliveryReport, eventTypes, currentsToken, mixpanelKeys, keptEvents },
    reasons: { ...skipReasons, ...deadReasons },
    rules: mappingRules,
  };
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    next();
  });
  router.get('/about.json', (_request, response) => {
    response.json(about);
  });
  router.get(
    '/{*path}',
    withPage((page, request, response) => {
      const file = page.get(request.path.slice(1));
      if (file !== undefined) return send(file, request, response);
      if (request.path.startsWith('/assets/')) return void response.status(404).end();
      // Without a slash at its end, relative addresses would begin one level too high.
      if (request.originalUrl.split('?')[0] === request.baseUrl)
        return response.redirect(301, `${request.baseUrl.split('/').at(-1)}/`);
      send(indexOf(page, request.path), request, response);
    }),
  );
  return router;
}

function withPage(answer: (page: Page, ...rest: Parameters<RequestHandler>) => void): RequestHandler {
  return async (request, response, next) => answer(await loadPage(), request, response, next);
}
