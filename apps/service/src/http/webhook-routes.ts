import { StorageError } from '@braze-mixpanel/storage';
import { type Response, Router } from 'express';
import type { CohortApi } from '../cohorts/cohort-api.ts';
import { CohortError } from '../cohorts/cohort-error.ts';
import type { CohortConnection } from '../cohorts/connection.ts';
import { isLoopback } from '../config/rules.ts';
import { errors } from '../errors/catalogue.ts';
import type { CohortErrorCode } from '../errors/cohort-errors.ts';
import type { ErrorEntry } from '../errors/error-entry.ts';
import type { MemoryBound } from '../events/ingest/memory-bound.ts';
import { readBody } from '../events/ingest/read-body.ts';
import { answerError, answerJson, onlyMethods } from './answer.ts';
import { basicAuthMatches } from './basic-auth.ts';
import type { LocalOnly } from './local-only.ts';
import { failureAnswer, readWebhookPage, successAnswer } from './webhook.ts';

export interface WebhookRoutesOptions {
  readonly cohorts: Pick<CohortApi, 'receive'>;
  /** Connections by name, with the credentials that a page must have. */
  readonly connections: ReadonlyMap<string, Pick<CohortConnection, 'webhook'>>;
  /** Bytes of one body, after decompression. */
  readonly bodyLimit: number;
  readonly memory: MemoryBound;
  /** The address on which the service listens. */
  readonly host: string;
  /** The check of callers where no credentials are configured. */
  readonly local: LocalOnly;
  /** Called when a page is refused; the connection is empty where it is not configured. */
  readonly onRefused: (connection: string, code: string) => void;
  /** Called when a page could not be made durable. */
  readonly onNotStored: (cause: unknown) => void;
}

/**
 * `POST /webhooks/mixpanel/:connection`: the address to which Mixpanel pushes cohorts, page by page.
 *
 * Order: connection (404), credentials (401) or caller (403), body (413, 415, 400, 503), page (413, 400),
 * commit (429, 503), and only then 200. Every answer has the form that Mixpanel expects:
 * `{"action","status","error"}`.
 */
export function webhookRoutes(options: WebhookRoutesOptions): Router {
  const { cohorts, connections, bodyLimit, memory, host, local, onNotStored, onRefused } = options;
  const router = Router();
  const route = router.route('/webhooks/mixpanel/:connection');
  route.post(async (request, response) => {
    const name = String(request.params.connection);
    const connection = connections.get(name);
    response.once('finish', () => {
      const code = response.locals.error;
      if (typeof code === 'string') onRefused(connection ? name : '', code);
    });
    if (!connection) return refuse(response, null, 'unknown_connection', paths);
    const foreign = connection.webhook ? undefined : local(request.headers);
    if (foreign !== undefined) return answerError(response, 'foreign_caller', foreign);
    const refused = credentialsRefused(request.headers.authorization, connection, host);
    if (refused) return refuse(response.set('WWW-Authenticate', 'Basic realm="cohorts"'), null, refused);

    const body = await readBody(request, bodyLimit, memory);
    if (body.kind === 'aborted') return;
    if (body.kind === 'refused') {
      const { status = 400, message }: ErrorEntry = errors[body.code];
      response.locals.error = body.code;
      answerJson(response, status, {
        ...{ action: null, status: 'failure' },
        error: { message, code: status },
      });
      return;
    }
    try {
      const read = readWebhookPage(body.bytes);
      if (read.kind === 'refused') return refuse(response, read.action, read.code, read.detail);
      const { page } = read;
      try {
        await cohorts.receive(name, page);
        response.json(successAnswer(page.action));
      } catch (error) {
        if (error instanceof CohortError) return refuse(response, page.action, error.code, error.detail);
        if (!(error instanceof StorageError)) throw error;
        onNotStored(error);
        refuse(response.set('Retry-After', '5'), page.action, 'cohort_storage');
      }
    } finally {
      body.release();
    }
  });
  route.all(onlyMethods(['post']));
  return router;
}

/** The addresses of connections, as a sentence. */
const paths = 'The path is /webhooks/mixpanel/<name>, for example /webhooks/mixpanel/default.';

function credentialsRefused(
  authorization: string | undefined,
  { webhook }: Pick<CohortConnection, 'webhook'>,
  host: string,
): CohortErrorCode | undefined {
  if (webhook === undefined) return isLoopback(host) ? undefined : 'webhook_closed';
  return basicAuthMatches(authorization, webhook) ? undefined : 'webhook_unauthorized';
}

function refuse(response: Response, action: unknown, code: CohortErrorCode, detail?: string): void {
  const { status, body } = failureAnswer(action, code, detail);
  // For the metrics.
  response.locals.error = code;
  answerJson(response, status, body);
}
