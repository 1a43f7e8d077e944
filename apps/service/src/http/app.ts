import { consoleRouter } from '@braze-mixpanel/console';
import { StorageError } from '@braze-mixpanel/storage';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { answerError } from './answer.ts';

export interface AppOptions {
  /** The active routes at the moment of a request. */
  readonly router: RequestHandler;
  readonly logger: Logger;
  /** During shutdown each answer closes its connection; otherwise a busy connection would never end. */
  readonly isStopping: () => boolean;
}

/** The Express application: console, routes, and JSON errors of the catalogue for everything else. */
export function createApp({ router, logger, isStopping }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/console', consoleRouter({ server: 'service' }));
  app.use((_request, response, next) => {
    // Answers contain stored data: no cache may keep them, and no browser may guess their type.
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
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
      return answerError(response, 'request_malformed', bodyFault(error));
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

/** The sentence for a body that express could not read; `undefined` for other faults. */
function bodyFault(error: unknown): string | undefined {
  const { type, limit } = error as { type?: unknown; limit?: unknown };
  if (type === 'entity.parse.failed')
    return 'The body is not JSON: send one JSON object, with its names and texts in double quotes.';
  return type === 'entity.too.large' ? `The body must have at most ${limit} bytes.` : undefined;
}
