import { type Request, Router } from 'express';
import { accept, type IngestTarget } from '../events/ingest/accept.ts';
import type { MemoryBound } from '../events/ingest/memory-bound.ts';
import { readBody } from '../events/ingest/read-body.ts';
import { answerError, onlyMethods } from './answer.ts';
import type { BearerCheck } from './bearer.ts';
import type { LocalOnly } from './local-only.ts';

export interface CurrentsEndpoint {
  readonly target: IngestTarget;
  readonly bearer: BearerCheck;
  /** The check of callers where no token is configured. */
  readonly local: LocalOnly;
  /** Resolves to the reason why the connection accepts no batches; `undefined` when it does. */
  readonly refusal: () => Promise<string | undefined>;
}

export interface CurrentsRoutesOptions {
  /** By connection name. */
  readonly endpoints: ReadonlyMap<string, CurrentsEndpoint>;
  /** Bytes of one body, after decompression. */
  readonly bodyLimit: number;
  readonly memory: MemoryBound;
  /** Called with the header `Braze-Currents-Version` of each request of a known caller. */
  readonly onVersion: (connection: string, header: string | undefined) => void;
  /** Called when a batch could not be made durable. */
  readonly onNotStored: (connection: string, cause: unknown) => void;
}

/**
 * `POST /currents` (the connection `default`) and `POST /currents/:connection`: the address of Braze
 * Currents.
 *
 * Order: connection (404), token (401) or caller (403), backlog (503), body (413, 415, 400, 503), envelope
 * (400), commit (503), and only then 200 with `{"accepted":<events>}`. The name of a connection is no secret,
 * so it is checked before the token. Token and backlog are checked before the body is read, but a body so
 * short that it can only be a credential check is read and answered at any backlog.
 */
export function currentsRoutes({
  endpoints,
  bodyLimit,
  memory,
  onVersion,
  onNotStored,
}: CurrentsRoutesOptions): Router {
  const router = Router();
  router
    .route(['/currents', '/currents/:connection'])
    .post(async (request, response) => {
      const connection = String(request.params.connection ?? 'default');
      const endpoint = endpoints.get(connection);
      if (endpoint === undefined) return answerError(response, 'unknown_connection', paths);

      const token = endpoint.bearer(request.headers.authorization);
      if (token !== 'accepted') return answerError(response, `token_${token}`);

      const foreign = endpoint.local(request.headers);
      if (foreign !== undefined) return answerError(response, 'foreign_caller', foreign);

      onVersion(connection, request.get('braze-currents-version'));

      const refusal = mayBeProbe(request) ? undefined : await endpoint.refusal();
      if (refusal !== undefined) return answerError(response, 'backlog_full', refusal);

      const body = await readBody(request, bodyLimit, memory);
      if (body.kind === 'aborted') return;
      if (body.kind === 'refused') return answerError(response, body.code);
      try {
        const acceptance = await accept(body.bytes, endpoint.target);
        if (acceptance.kind === 'accepted') response.json({ accepted: acceptance.events });
        else if (acceptance.kind === 'refused') answerError(response, acceptance.code);
        else {
          onNotStored(connection, acceptance.cause);
          answerError(response, 'storage_unavailable');
        }
      } finally {
        body.release();
      }
    })
    .all(onlyMethods(['post']));
  return router;
}

/** The addresses of connections, as a sentence. */
const paths = 'POST /currents is the connection default, POST /currents/<name> any other.';

/** Bytes of a credential check; every event is longer. */
const probeBytes = 64;

function mayBeProbe({ headers }: Request): boolean {
  return headers['content-length'] !== undefined && Number(headers['content-length']) <= probeBytes;
}
