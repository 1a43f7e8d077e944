import { type DeadLetter, type DeadLetterStore, StorageError } from '@braze-mixpanel/storage';
import { json, type Response, Router } from 'express';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import {
  corrected,
  fixed,
  fixSchema,
  originalSchema,
  withoutValues,
  writesId,
} from '../events/dead-letters/fix.ts';
import { replayFixed } from '../events/dead-letters/replay-fixed.ts';
import { replayAsTheyCame } from '../events/dead-letters/replay-whole.ts';
import { trial } from '../events/dead-letters/trial.ts';
import { answerError } from './answer.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';
import { whole, wrong } from './query.ts';

export interface ReplayRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'get' | 'list' | 'countBy' | 'replay'>;
  /** Today's mapping options of each configured connection, as stored with its batches. */
  readonly profiles: ReadonlyMap<string, string>;
  /** There is something to deliver. */
  readonly onReplayed: (connection: string) => void;
  readonly audit: Trail;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const manySchema = z
  .strictObject({ ...filterShape, fix: fixSchema.optional(), dryRun: z.boolean().default(false) })
  .prefault({});
const manyExpected = `Expected a JSON object with any of ${filterWords}, fix and dryRun; without a filter, all dead letters of the configured connections are replayed.`;

const oneSchema = z
  .strictObject({ original: originalSchema, fix: fixSchema, dryRun: z.boolean() })
  .partial()
  .refine(({ original, fix }) => original === undefined || fix === undefined)
  .prefault({});
const fixForm = '[{"set":"<path>","value":…},{"rename":"<path>","to":"<key>"},{"remove":"<path>"}]';
const oneExpected = `Expected a JSON object with dryRun and one of original (the whole corrected event) and fix, such as ${fixForm}; or no body.`;

/** A corrected original may be as large as an event is. */
const body = json({ type: () => true, limit: '4mb', strict: false });

/**
 * `POST /api/dead-letters/:id/replay` and `POST /api/dead-letters/replay`: dead letters go back into the queue, as they came or
 * corrected, to be mapped under today's settings; what Mixpanel refuses again becomes a dead letter again. Answers `{"replayed":n}`
 * once all of them are durable in the queue. A replay of many takes several transactions: a crash in between leaves some replayed and
 * the others where they were, none twice and none lost. Letters that die while it runs are not part of it.
 *
 * With `fix` (or, for one, `original`) only what is deliverable then is replayed; the answer says what is left, and why. With
 * `dryRun` nothing moves, and the answer says what would.
 */
export function replayRoutes({ store, profiles, onReplayed, audit, now }: ReplayRoutesOptions): Router {
  const router = Router();

  router
    .route('/api/dead-letters/replay')
    .post(body, async (request, response) => {
      const asked = manySchema.safeParse(request.body);
      if (!asked.success) return answerError(response, 'request_malformed', wrong(asked.error, manyExpected));
      const { fix, dryRun, ...written } = asked.data;
      const { connection } = written;
      if (connection !== undefined && !profiles.has(connection))
        return answerError(response, 'replay_not_configured');
      if (fix !== undefined && writesId(fix))
        return answerError(
          response,
          'fix_unfit',
          'Many events with one id would be one in Mixpanel: give each its own, one replay by its id for each.',
        );

      const deed = { ...written, ...(fix !== undefined && { fix: withoutValues(fix) }) };
      const answer: { replayed: number; left?: Record<string, number>; examples?: unknown[] } = {
        replayed: 0,
      };
      try {
        for (const [name, profile] of profiles) {
          if (connection !== undefined && name !== connection) continue;
          const filter = { ...filterOf(written), connection: name };
          const wake = () => onReplayed(name);
          if (fix !== undefined) {
            const { replayed, left, examples } = await replayFixed(
              store,
              { filter, fix, profile, dryRun, now },
              wake,
            );
            answer.replayed += replayed;
            answer.left = added(answer.left, left);
            answer.examples = [...(answer.examples ?? []), ...examples];
          } else if (dryRun) answer.replayed += sum(await store.countBy('reason', filter));
          else
            await replayAsTheyCame(store, { ...filter, profile }, count => {
              answer.replayed += count;
              wake();
            });
        }
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        const { replayed } = answer;
        if (replayed > 0) await audit(response, 'dead_letters.replay', { ...deed, replayed, failed: true });
        return notStored(response, replayed);
      }
      if (!dryRun) await audit(response, 'dead_letters.replay', { ...deed, replayed: answer.replayed });
      response.json(dryRun ? { ...answer, dryRun } : answer);
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));

  router
    .route('/api/dead-letters/:id/replay')
    .post(body, async (request, response) => {
      const asked = oneSchema.safeParse(request.body);
      if (!asked.success) return answerError(response, 'request_malformed', wrong(asked.error, oneExpected));
      const id = whole.safeParse(request.params.id);
      const letter = id.success ? await store.get(id.data) : undefined;
      if (letter === undefined) return answerError(response, 'dead_letter_unknown');
      const { connection } = letter;
      const profile = profiles.get(connection);
      if (profile === undefined) return answerError(response, 'replay_not_configured');

      const correction = correctionOf(letter, asked.data);
      if (correction?.kind === 'unfit') return answerError(response, 'fix_unfit', `Here ${correction.why}.`);
      const event: unknown = correction === undefined ? JSON.parse(letter.original) : correction.event;
      const result = trial(event, profile, now());
      if (asked.data.dryRun) return void response.json({ dryRun: true, result });
      if (correction !== undefined && result.outcome !== 'mapped')
        return answerError(response, 'fix_insufficient', `It would be ${told(result)}.`);
      try {
        const { length } = await store.replay({
          ...{ connection, profile, ids: [letter.id], limit: 1 },
          ...(correction !== undefined && { corrected: { [letter.id]: JSON.stringify(event) } }),
        });
        if (length > 0) onReplayed(connection);
        const { fix } = asked.data;
        await audit(response, 'dead_letters.replay', {
          ...{ id: letter.id, connection, reason: letter.reason, insertId: letter.insertId },
          ...{ corrected: correction !== undefined, fix: fix && withoutValues(fix), replayed: length },
        });
        response.json({ replayed: length });
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        notStored(response, 0);
      }
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}

function correctionOf({ original }: DeadLetter, { fix, original: whole }: z.output<typeof oneSchema>) {
  if (fix !== undefined) return fixed(original, fix);
  return whole === undefined ? undefined : corrected(original, whole);
}

function told(result: Exclude<ReturnType<typeof trial>, { outcome: 'mapped' }>): string {
  return result.outcome === 'skipped'
    ? `skipped as ${result.reason}`
    : `a dead letter again, ${result.reason}: ${result.detail}`;
}

function notStored(response: Response, replayed: number): void {
  const done = replayed === 0 ? 'None was replayed.' : `${replayed} were replayed before.`;
  answerError(response, 'replay_not_stored', done);
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);

function added(one: Record<string, number> = {}, other: Record<string, number>): Record<string, number> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
