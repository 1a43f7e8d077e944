import { consoleRouter } from '@braze-mixpanel/console';
import { StorageError } from '@braze-mixpanel/storage';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/catalogue.ts';
import { answerError } from './answer.ts';

export interface AppOptions {
  /** The active routes at the moment of a request. */
  readonly router: RequestHandler;
  readonly logger: Logger;
  /** During shutdown each answer closes its connection; otherwise a busy connection would never end. */
  readonly isStopping: () => boolean;
  /** Milliseconds since 1970, by the service's clock. */
  readonly now: () => number;
}

/** The Express application: console, routes, and JSON errors of the catalogue for everything else. */
export function createApp({ router, logger, isStopping, now }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/console', consoleRouter({ servers: [{ name: 'service', kind: 'service', api: '../' }] }));
  app.get('/', ({ headers }, response, next) => {
    // A browser that opens the service wants its console.
    if (headers.accept?.includes('text/html')) response.vary('Accept').redirect('console/');
    else next();
  });
  app.use((_request, response, next) => {
    // Answers contain stored data: no cache may keep them, and no browser may guess their type.
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    // Times in answers are by the service's clock, which may follow another one: readers take their age from it.
    response.set('Date', new Date(now()).toUTCString());
    if (isStopping()) response.set('Connection', 'close');
    next();
  });
  app.use(router);
  app.use('/api', (_request, response) =>
    answerError(response, 'not_found', 'GET /api/openapi.json lists the paths under /api.'),
  );
  app.use((_request, response) =>
    answerError(
      response,
      'not_found',
      'Send batches to POST /currents; see also /status, /readyz and /healthz.',
    ),
  );

  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return answerError(response, ...unreadable(status, error as Unreadable));
    }
    if (error instanceof StorageError) {
      logger.warn({ code: error.code, method: request.method, path: request.path }, error.message);
      return answerError(response, 'storage_away');
    }
    logger.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    answerError(response, 'internal');
  };
  app.use(onError);
  return app;
}

/** What express adds to an error of reading. */
interface Unreadable {
  readonly type?: unknown;
  /** Bytes. */
  readonly limit?: unknown;
  /** Of an error of decompression. */
  readonly errno?: unknown;
}

/** The error of a request that express could not read, with its detail. */
function unreadable(status: number, { type, limit, errno }: Unreadable): [code: ErrorCode, detail?: string] {
  if (status === 413) return ['request_too_large', `The body must have at most ${limit} bytes.`];
  if (status === 415) return ['request_encoding_unsupported'];
  if (errno !== undefined)
    return [
      'request_malformed',
      'The body could not be decompressed: it does not match its Content-Encoding header.',
    ];
  if (type !== 'entity.parse.failed') return ['request_malformed'];
  return [
    'request_malformed',
    'The body is not JSON: send one JSON object, with its names and texts in double quotes.',
  ];
}
