/**
 * Web console: one page that shows the state of a server and lets a user act on it, the same for both
 * simulators and the service. The page uses only the server's public HTTP API, so that everything it does is
 * possible with `curl`, too.
 *
 * The page consists of plain modules without a build step. Its two libraries are files of their packages, and
 * its content security policy allows only this server.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogueVersions, customHttpEntries } from '@braze-mixpanel/core/currents';
import express, { type Router } from 'express';

/** Options of {@link consoleRouter}. */
export interface ConsoleOptions {
  /**
   * Kind of the server, and thereby its API: `/_sim` of a simulator, or `/status` and `/api` of the service.
   */
  readonly server: 'simulator' | 'service';
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
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Express router that serves the console. Mount it at a path of its own. It answers only `GET` and `HEAD`,
 * and needs no token, since it has no data: the page asks the user for the token of the API.
 *
 * @throws Error if the files of the page are missing, which means that the package is incomplete.
 * @example
 * ```ts
 * import { consoleRouter } from '@braze-mixpanel/console';
 *
 * const router = consoleRouter({ server: 'service' });
 * console.log(typeof router); // function
 * ```
 */
export function consoleRouter({ server }: ConsoleOptions): Router {
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
    response.json({ server, eventTypes });
  });
  router.use(
    '/vendor',
    sent('preact.js', 'htm/preact/standalone'),
    sent('pico.css', '@picocss/pico/css/pico.min.css'),
  );
  router.use(express.static(pageFolder()));
  return router;
}

/** Router for one file of a package, under the name by which the page imports it. */
function sent(name: string, specifier: string): Router {
  const path = fileURLToPath(import.meta.resolve(specifier));
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  return express.Router().get(`/${name}`, (_request, response) => {
    response.sendFile(path, { headers: { 'content-type': `${type}; charset=utf-8` } });
  });
}

/** Folder of the page: next to `src` and `dist`, or in an image next to the bundle. */
function pageFolder(): string {
  const folder = ['../page/', './page/']
    .map(place => fileURLToPath(new URL(place, import.meta.url)))
    .find(place => existsSync(`${place}index.html`));
  if (folder === undefined)
    throw new Error(`The page of the console is missing in ${dirname(fileURLToPath(import.meta.url))}/page.`);
  return folder;
}
