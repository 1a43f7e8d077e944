/**
 * The console: one web page that shows what a server is doing and lets a person act on it. It is the same page for both simulators
 * and for the service, and talks to nothing but the HTTP API that the server has anyway: what it can, a `curl` line can.
 *
 * Nothing is built and nothing comes from elsewhere: the page is plain modules, its two libraries are files of their packages, and
 * the content security policy lets it load and call this server alone.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import express, { type Router } from 'express';

export interface ConsoleOptions {
  /** Whose API stands beside the page: a simulator's `/_sim`, or the service's `/status` and `/api`. */
  readonly server: 'simulator' | 'service';
}

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
 * A router to mount under a path of its own, for example `app.use('/console', consoleRouter({ server: 'service' }))`.
 * Answers `GET` alone; needs no token, since it holds no data: the page asks for the token that the API wants.
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
    response.json({ server, eventTypes: catalogue2022_06.entries.map(({ eventType }) => eventType) });
  });
  router.use(
    '/vendor',
    sent('preact.js', 'htm/preact/standalone'),
    sent('pico.css', '@picocss/pico/css/pico.min.css'),
  );
  router.use(express.static(pageFolder()));
  return router;
}

/** One file of a package, under the name that the page knows it by. */
function sent(name: string, specifier: string): Router {
  const path = fileURLToPath(import.meta.resolve(specifier));
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  return express.Router().get(`/${name}`, (_request, response) => {
    response.sendFile(path, { headers: { 'content-type': `${type}; charset=utf-8` } });
  });
}

/** Beside `src` and `dist`; in an image beside the bundle. */
function pageFolder(): string {
  const folder = ['../page/', './page/']
    .map(place => fileURLToPath(new URL(place, import.meta.url)))
    .find(place => existsSync(`${place}index.html`));
  if (folder === undefined)
    throw new Error(`The page of the console is missing in ${dirname(fileURLToPath(import.meta.url))}/page.`);
  return folder;
}
