import type { Journal } from '@braze-mixpanel/storage';
import { json, Router } from 'express';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { answerError } from './answer.ts';
import { whole, wrong } from './query.ts';

export interface BatchRoutesOptions {
  readonly journal: Pick<Journal, 'counts' | 'quarantined' | 'readmit'>;
  /** A connection has something to deliver again. */
  readonly onReleased: (connection: string) => void;
  readonly audit: Trail;
}

const listSchema = z.strictObject({
  connection: z.string().optional(),
  limit: whole.pipe(z.int().min(1).max(1_000)).prefault('100'),
  after: whole.prefault('0'),
});
const listExpected =
  'Expected any of connection, limit (1 to 1000, 100 when not given) and after (an id), each once.';

const releaseSchema = z
  .strictObject({
    connection: z.string().optional(),
    ids: z.array(z.int().positive()).min(1).max(1_000).optional(),
  })
  .prefault({});
const releaseExpected =
  'Expected a JSON object with any of connection and ids (a list of at most 1000 whole numbers).';

/**
 * `GET /api/batches/quarantined`: batches that were in hand at three deaths of the process, by id; `after=<id of the last one>` gives the
 * next page. Their bodies are not read: they may be what killed it.
 *
 * `POST /api/batches/release`: puts them back into the queue, all of them or those of a connection or with these ids. They are delivered
 * like any others from then on, so a cause that is still there kills the process again, and quarantines them again.
 */
export function batchRoutes({ journal, onReleased, audit }: BatchRoutesOptions): Router {
  const router = Router();
  const named = async (connection: string | undefined) =>
    Object.keys(await journal.counts()).filter(name => connection === undefined || name === connection);

  router.get('/api/batches/quarantined', async (request, response) => {
    const query = listSchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', wrong(query.error, listExpected));
    const { connection, limit, after } = query.data;
    const names = await named(connection);
    const pages = await Promise.all(
      names.map(name => journal.quarantined({ connection: name, after, limit })),
    );
    const batches = pages
      .flat()
      .sort((a, b) => a.id - b.id)
      .slice(0, limit)
      .map(({ receivedAt, ...batch }) => ({ ...batch, receivedAt: new Date(receivedAt).toISOString() }));
    response.json({ batches });
  });

  router
    .route('/api/batches/release')
    .post(json({ type: () => true, limit: '100kb' }), async (request, response) => {
      const asked = releaseSchema.safeParse(request.body);
      if (!asked.success)
        return answerError(response, 'request_malformed', wrong(asked.error, releaseExpected));
      const { connection, ids } = asked.data;
      let released = 0;
      for (const name of await named(connection)) {
        const readmitted = await journal.readmit(name, ids);
        released += readmitted.length;
        if (readmitted.length > 0) onReleased(name);
      }
      await audit(response, 'batches.release', { connection, ids, released });
      response.json({ released });
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}
