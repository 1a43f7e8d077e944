import { json, Router } from 'express';
import { z } from 'zod';
import { type DeadLetterStore, StorageError } from '../storage/types.ts';
import { answerError } from './answer.ts';

export interface ReplayRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'get' | 'replay'>;
  /** Today's mapping options of each configured connection, as stored with its batches. */
  readonly profiles: ReadonlyMap<string, string>;
  /** There is something to deliver. */
  readonly onReplayed: (connection: string) => void;
}

const bodySchema = z
  .strictObject({ connection: z.string(), reason: z.string(), event_type: z.string() })
  .partial()
  .default({});
const expected =
  'Expected a JSON object with any of connection, reason and event_type; without any, all dead letters of the configured connections are replayed.';
const id = /^\d{1,15}$/;
/** Dead letters that one transaction moves. */
const pageSize = 500;

/**
 * `POST /api/dead-letters/:id/replay` and `POST /api/dead-letters/replay`: dead letters go back into the queue, as they came, to be
 * mapped under today's settings; what Mixpanel refuses again becomes a dead letter again. Answers `{"replayed":n}` once all of them
 * are durable in the queue. A replay of many takes several transactions: a crash in between leaves some replayed and the others where
 * they were, none twice and none lost. Letters that die while it runs are not part of it.
 */
export function replayRoutes({ store, profiles, onReplayed }: ReplayRoutesOptions): Router {
  const router = Router();

  router
    .route('/api/dead-letters/replay')
    .post(json({ type: () => true, limit: '10kb' }), async (request, response) => {
      const body = bodySchema.safeParse(request.body);
      if (!body.success) return answerError(response, 'request_malformed', expected);
      const { connection, reason, event_type: eventType } = body.data;
      if (connection !== undefined && !profiles.has(connection))
        return answerError(response, 'replay_not_configured');

      let replayed = 0;
      try {
        for (const [name, profile] of profiles) {
          if (connection !== undefined && name !== connection) continue;
          const all = {
            ...{ connection: name, profile, limit: pageSize },
            ...(reason !== undefined && { reason }),
            ...(eventType !== undefined && { eventType }),
          };
          for (let ids = await store.replay(all); ids.length > 0; ) {
            replayed += ids.length;
            onReplayed(name);
            ids = await store.replay({ ...all, before: Math.min(...ids) });
          }
        }
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        const done = replayed === 0 ? 'None was replayed.' : `${replayed} were replayed before.`;
        return answerError(response, 'replay_not_stored', done);
      }
      response.json({ replayed });
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));

  router
    .route('/api/dead-letters/:id/replay')
    .post(async (request, response) => {
      const letter = id.test(request.params.id) ? await store.get(Number(request.params.id)) : undefined;
      if (letter === undefined) return answerError(response, 'dead_letter_unknown');
      const { connection } = letter;
      const profile = profiles.get(connection);
      if (profile === undefined) return answerError(response, 'replay_not_configured');
      try {
        const { length } = await store.replay({ connection, profile, ids: [letter.id], limit: 1 });
        if (length > 0) onReplayed(connection);
        response.json({ replayed: length });
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        answerError(response, 'replay_not_stored', 'None was replayed.');
      }
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}
