import { type DeadLetter, type DeadLetterStore, StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { replayMapping } from '../backfill/mapping/replay-mapping.ts';
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
import { trial, trialSchema } from '../events/dead-letters/trial.ts';
import { whole } from '../paging.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import type { FilterCheck } from './check-filter.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';
import { counts } from './dead-letter-schemas.ts';

export interface ReplayRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'get' | 'list' | 'countBy' | 'replay'>;
  /** Present mapping options of each configured connection, as stored with its batches. */
  readonly mappingOptions: ReadonlyMap<string, string>;
  readonly check: FilterCheck;
  /** Notifies of new work. */
  readonly onReplayed: (connection: string) => void;
  readonly audit: Trail;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const manySchema = z
  .strictObject({ ...filterShape, fix: fixSchema.optional(), dryRun: z.boolean().default(false) })
  .prefault({});

const oneSchema = z
  .strictObject({ original: originalSchema, fix: fixSchema, dryRun: z.boolean() })
  .partial()
  .refine(({ original, fix }) => original === undefined || fix === undefined)
  .prefault({});
const fixForm = '[{"set":"<path>","value":…},{"rename":"<path>","to":"<key>"},{"remove":"<path>"}]';

/** A corrected original may be as large as an event. */
const bodyLimit = '4mb';

const unfit = z.object({ outcome: z.literal('unfit'), why: z.string() });

export const replayEndpoints = {
  many: endpoint({
    method: 'post',
    path: '/api/dead-letters/replay',
    summary: 'Replays dead letters; with fix, only those that become deliverable; with dryRun, none.',
    bodyLimit,
    body: manySchema,
    expected: `Expected a JSON object with any of ${filterWords}, fix and dryRun; without a filter, all dead letters of the configured connections are replayed.`,
    answer: z.object({
      replayed: z.int(),
      left: counts.optional(),
      examples: z.array(z.object({ id: z.int(), result: z.union([trialSchema, unfit]) })).optional(),
      dryRun: z.literal(true).optional(),
    }),
    errors: [
      'unknown_connection',
      'replay_not_configured',
      'replay_version_unknown',
      'fix_unfit',
      'replay_not_stored',
    ],
  }),
  one: endpoint({
    method: 'post',
    path: '/api/dead-letters/:id/replay',
    summary: 'Replays one dead letter, unchanged or corrected; with dryRun, returns the outcome only.',
    bodyLimit,
    body: oneSchema,
    expected: `Expected a JSON object with dryRun and one of original (the whole corrected event) and fix, such as ${fixForm}; or no body.`,
    answer: z.union([
      z.object({ replayed: z.int() }),
      z.object({ dryRun: z.literal(true), result: trialSchema }),
    ]),
    errors: [
      'dead_letter_unknown',
      'replay_not_configured',
      'replay_version_unknown',
      'fix_unfit',
      'fix_insufficient',
      'replay_not_stored',
    ],
  }),
};

/**
 * Dead letters go back into the queue, unchanged or corrected, to be mapped under the present settings (see
 * {@link replayMapping}); those that Mixpanel refuses again become dead letters again. The answer is sent once all of them are durable in
 * the queue. A replay of many is several transactions: a crash in between leaves some replayed and the others
 * unchanged, none twice and none lost. Dead letters that are added while it runs are not included.
 *
 * With `fix` (or, for one, `original`) only deliverable events are replayed. With `dryRun` nothing changes.
 */
export function replayRoutes({
  store,
  mappingOptions,
  check,
  onReplayed,
  audit,
  now,
}: ReplayRoutesOptions): ApiRoute[] {
  return [
    apiRoute(replayEndpoints.many, async ({ body: { fix, dryRun, ...written }, response }) => {
      const { connection } = written;
      await check(written);
      if (connection !== undefined && !mappingOptions.has(connection))
        throw new ApiError('replay_not_configured');
      if (fix !== undefined && writesId(fix))
        throw new ApiError(
          'fix_unfit',
          'Events with the same id are one event in Mixpanel: replay each one by its ID, with an id of its own.',
        );

      const deed = { ...written, ...(fix !== undefined && { fix: withoutValues(fix) }) };
      const answer: z.output<typeof replayEndpoints.many.answer> = { replayed: 0 };
      try {
        for (const [name, options] of mappingOptions) {
          if (connection !== undefined && name !== connection) continue;
          const filter = { ...filterOf(written), connection: name };
          const wake = () => onReplayed(name);
          const optionsOf = (letter: DeadLetter) => knownMapping(letter, options);
          if (fix !== undefined) {
            const request = { filter, fix, optionsOf, dryRun, now };
            const { replayed, left, examples } = await replayFixed(store, request, wake);
            answer.replayed += replayed;
            answer.left = added(answer.left, left);
            answer.examples = [...(answer.examples ?? []), ...examples];
          } else if (dryRun) answer.replayed += sum(await store.countBy('reason', filter));
          else
            await replayAsTheyCame(store, filter, optionsOf, count => {
              answer.replayed += count;
              wake();
            });
        }
      } catch (error) {
        const { replayed } = answer;
        if (replayed > 0) await audit(response, 'dead_letters.replay', { ...deed, replayed, failed: true });
        throw error instanceof StorageError ? notStored(replayed) : error;
      }
      if (dryRun) return { ...answer, dryRun };
      await audit(response, 'dead_letters.replay', { ...deed, replayed: answer.replayed });
      return answer;
    }),
    apiRoute(replayEndpoints.one, async ({ id: text, body, response }) => {
      const id = whole.safeParse(text);
      const letter = id.success ? await store.get(id.data) : undefined;
      if (letter === undefined) throw new ApiError('dead_letter_unknown');
      const { connection } = letter;
      const present = mappingOptions.get(connection);
      if (present === undefined) throw new ApiError('replay_not_configured');
      const options = knownMapping(letter, present);

      const correction = correctionOf(letter, body);
      if (correction?.kind === 'unfit') throw new ApiError('fix_unfit', `Here ${correction.why}.`);
      const event: unknown = correction === undefined ? JSON.parse(letter.original) : correction.event;
      const result = trial(event, options, now());
      if (body.dryRun) return { dryRun: true as const, result };
      if (correction !== undefined && result.outcome !== 'mapped')
        throw new ApiError('fix_insufficient', `It would be ${outcomeText(result)}.`);
      try {
        const { length } = await store.replay({
          ...{ connection, profile: options, ids: [letter.id], limit: 1 },
          ...(correction !== undefined && { corrected: { [letter.id]: JSON.stringify(event) } }),
        });
        if (length > 0) onReplayed(connection);
        await audit(response, 'dead_letters.replay', {
          ...{ id: letter.id, connection, reason: letter.reason, insertId: letter.insertId },
          ...{
            corrected: correction !== undefined,
            fix: body.fix && withoutValues(body.fix),
            replayed: length,
          },
        });
        return { replayed: length };
      } catch (error) {
        if (error instanceof StorageError) throw notStored(0);
        throw error;
      }
    }),
  ];
}

/** Mapping options of a replay. @throws ApiError */
function knownMapping(letter: DeadLetter, present: string): string {
  const options = replayMapping(letter, present);
  if (options === undefined) throw new ApiError('replay_version_unknown');
  return options;
}

function correctionOf({ original }: DeadLetter, { fix, original: whole }: z.output<typeof oneSchema>) {
  if (fix !== undefined) return fixed(original, fix);
  return whole === undefined ? undefined : corrected(original, whole);
}

function outcomeText(result: Exclude<ReturnType<typeof trial>, { outcome: 'mapped' }>): string {
  return result.outcome === 'skipped'
    ? `skipped as ${result.reason}`
    : `a dead letter again, ${result.reason}: ${result.detail}`;
}

function notStored(replayed: number): ApiError {
  const done = replayed === 0 ? 'Nothing was replayed.' : `${replayed} were already replayed.`;
  return new ApiError('replay_not_stored', done);
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);

function added(one: Record<string, number> = {}, other: Record<string, number>): Record<string, number> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
