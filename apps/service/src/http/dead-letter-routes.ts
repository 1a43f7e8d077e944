import type { DeadLetterStore } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { replayMapping } from '../backfill/mapping/replay-mapping.ts';
import { deadLetterJson } from '../events/dead-letters/dead-letter-json.ts';
import { explain, explanationSchema } from '../events/dead-letters/explain.ts';
import { pagesOf } from '../events/dead-letters/pages.ts';
import { trial, trialSchema } from '../events/dead-letters/trial.ts';
import { newestFirst, newestFirstWords, whole } from '../paging.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import type { FilterCheck } from './check-filter.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';
import { counts, deadLetter } from './dead-letter-schemas.ts';

export interface DeadLetterRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'list' | 'get' | 'countBy'>;
  /** Present mapping options of each configured connection, as stored with its batches. */
  readonly mappingOptions: ReadonlyMap<string, string>;
  readonly check: FilterCheck;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export const deadLetterEndpoints = {
  list: endpoint({
    method: 'get',
    path: '/api/dead-letters',
    summary:
      'Dead letters, newest first; before=<id of the last one> gives the next page, which may have fewer than limit. Counts are by reason, for the whole connection.',
    query: z.strictObject({
      ...filterShape,
      ...newestFirst,
    }),
    expected: `Expected any of ${filterWords}, ${newestFirstWords}, each once.`,
    answer: z.object({ deadLetters: z.array(deadLetter), counts }),
    errors: ['unknown_connection'],
  }),
  count: endpoint({
    method: 'get',
    path: '/api/dead-letters/counts',
    summary: 'Numbers of dead letters by reason or event type; those without a type are under "".',
    query: z.strictObject({ ...filterShape, by: z.enum(['reason', 'event_type']).default('reason') }),
    expected: `Expected any of ${filterWords}, and by (reason or event_type), each once.`,
    answer: z.object({ counts }),
    errors: ['unknown_connection'],
  }),
  show: endpoint({
    method: 'get',
    path: '/api/dead-letters/:id',
    summary: 'One dead letter, the meaning of its reason, and the outcome of a replay now.',
    answer: deadLetter.extend({ explanation: explanationSchema.nullable(), today: trialSchema.nullable() }),
    errors: ['dead_letter_unknown'],
  }),
};

/** Routes that read dead letters. Originals and mapped events are sent byte for byte as they are stored. */
export function deadLetterRoutes({ store, mappingOptions, check, now }: DeadLetterRoutesOptions): ApiRoute[] {
  return [
    apiRoute(deadLetterEndpoints.list, async ({ query: { limit, before, ...written } }) => {
      await check(written);
      const letters = await pagesOf(store, {
        ...filterOf(written),
        limit,
        ...(before !== undefined && { before }),
      });
      const counted = await store.countBy('reason', filterOf({ connection: written.connection }));
      return `{"deadLetters":[${letters.map(deadLetterJson).join(',')}],"counts":${JSON.stringify(counted)}}`;
    }),
    apiRoute(deadLetterEndpoints.count, async ({ query: { by, ...written } }) => {
      await check(written);
      return { counts: await store.countBy(by === 'reason' ? 'reason' : 'eventType', filterOf(written)) };
    }),
    apiRoute(deadLetterEndpoints.show, async ({ id: text }) => {
      const id = whole.safeParse(text);
      const letter = id.success ? await store.get(id.data) : undefined;
      if (letter === undefined) throw new ApiError('dead_letter_unknown');
      const present = mappingOptions.get(letter.connection);
      const options = present && replayMapping(letter, present);
      const today = options === undefined ? null : trial(JSON.parse(letter.original), options, now());
      const more = JSON.stringify({ explanation: explain(letter.reason) ?? null, today });
      return `${deadLetterJson(letter).slice(0, -1)},${more.slice(1)}`;
    }),
  ];
}
