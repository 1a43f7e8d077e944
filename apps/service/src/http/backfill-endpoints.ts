import type { Backfill, ConnectionCounts } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { dryRunEstimateSchema } from '../backfill/dry-run-estimate.ts';
import { gapsSchema } from '../backfill/gaps/gaps-report.ts';
import { parseJobOptions } from '../backfill/job-options.ts';
import { parseReport, reportSchema } from '../backfill/report.ts';
import { newestFirst, newestFirstWords } from '../paging.ts';
import { endpoint } from './api-route.ts';
import { endMoment, moment, plainName } from './query.ts';

const dateTime = z.string().describe('ISO 8601, UTC.');

const backfillSchema = z.object({
  id: z.int(),
  connection: z.string(),
  source: z.string(),
  state: z.enum(['running', 'paused', 'done', 'cancelled', 'failed']),
  problem: z.string().nullable().describe('Why it failed.'),
  createdAt: dateTime,
  changedAt: dateTime.describe('Last change of the state.'),
  from: dateTime.nullable(),
  to: dateTime.nullable().describe('Events are earlier.'),
  events: z.array(z.string()).nullable().describe('Event types; `null` for all.'),
  collects: z
    .boolean()
    .describe('Collects the new files of COLLECT, into the connection’s own queue; it has no end.'),
  collected: z
    .object({
      lookedAt: dateTime.describe('Last look for new files.'),
      problem: z.string().nullable().describe('Why it did not read all of them.'),
    })
    .nullable(),
  isDryRun: z.boolean().describe('Events are counted and not accepted.'),
  dryRun: dryRunEstimateSchema
    .optional()
    .describe('What a back-fill would send; where one dry run is shown.'),
  isSearchForGaps: z.boolean().describe('Only events are accepted that Mixpanel lacks.'),
  searchesEveryDay: z
    .boolean()
    .describe(
      'A search for gaps on every day, not only on those whose number of events differs from that of the deliveries.',
    ),
  gaps: gapsSchema
    .optional()
    .describe('What a search for gaps found; where one is shown, and once the files are counted.'),
  report: reportSchema.omit({ cursor: true, partial: true, tally: true, gaps: true, collect: true }),
  delivery: z
    .object({
      accepted: z.int(),
      imported: z.int(),
      skipped: z.record(z.string(), z.int()),
      deadLettered: z.record(z.string(), z.int()),
      pending: z.int(),
    })
    .describe('What became of the events of all back-fills of this connection, as in /status.'),
});
export type BackfillJson = z.output<typeof backfillSchema>;

const text = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, {
    error: 'expected a text without control characters',
  });

const change = (verb: string, summary: string) =>
  endpoint({
    method: 'post',
    path: `/api/backfills/:id/${verb}`,
    summary,
    bodyLimit: '1kb',
    answer: backfillSchema,
    errors: ['backfill_unknown', 'backfill_wrong_state', 'backfill_not_stored'],
  });

export const backfillEndpoints = {
  list: endpoint({
    method: 'get',
    path: '/api/backfills',
    summary: 'Back-fills, newest first; before=<id of the last one> gives the next page.',
    query: z.strictObject(newestFirst),
    expected: `Expected any of ${newestFirstWords}, each once.`,
    answer: z.object({ backfills: z.array(backfillSchema) }),
  }),
  show: endpoint({
    method: 'get',
    path: '/api/backfills/:id',
    summary: 'One back-fill: its state, what it read so far and what it could not read.',
    answer: backfillSchema,
    errors: ['backfill_unknown'],
  }),
  create: endpoint({
    method: 'post',
    path: '/api/backfills',
    summary: "Starts a back-fill: brings events of exported files into a connection's delivery.",
    bodyLimit: '100kb',
    body: z
      .strictObject({
        connection: plainName.default('default'),
        source: text,
        from: moment.optional(),
        to: endMoment.optional(),
        events: z.array(text).min(1).max(200).optional(),
        gaps: z
          .enum(['suspect_days', 'every_day'])
          .optional()
          .describe('Accepts only events that Mixpanel lacks.'),
        mappingBefore: z
          .enum(['present', 'oldest'])
          .optional()
          .describe('Mapping options of events from before their history.'),
        dryRun: z.boolean().default(false),
        pricePerMillion: z.number().nonnegative().optional(),
      })
      .refine(({ dryRun, pricePerMillion }) => dryRun || pricePerMillion === undefined, {
        path: ['pricePerMillion'],
        error: 'is only for a dry run: add dryRun (--dry-run), or leave the price out',
      }),
    expected:
      'Expected a JSON object with source (where the files are) and any of connection, from, to (days or times, the last day included), events (a list of names), gaps (suspect_days or every_day), mappingBefore (present or oldest), dryRun (true or false) and pricePerMillion (for a dry run, MIXPANEL_PRICE_PER_MILLION by default).',
    status: 201,
    answer: backfillSchema,
    errors: [
      'unknown_connection',
      'backfill_unknown_event',
      'compare_not_configured',
      'backfill_mapping_unknown',
      'backfill_source_refused',
      'backfill_not_stored',
    ],
  }),
  pause: change('pause', 'Pauses a running back-fill. Events that it has read are delivered.'),
  resume: change('resume', 'Resumes a paused or failed back-fill where it stopped.'),
  cancel: change('cancel', 'Ends a back-fill for good. Events that it has read are delivered.'),
};

const nothing = { accepted: 0, imported: 0, skipped: {}, deadLettered: {}, pending: 0 };

/**
 * A job as it is answered.
 *
 * @param counts of the queue of back-filled events of its connection; `undefined` before the first one
 */
export function backfillJson(
  { id, connection, source, ...job }: Backfill,
  counts: ConnectionCounts | undefined,
): BackfillJson {
  const { accepted, imported, skipped, deadLettered, pending } = counts ?? nothing;
  const { wanted, dryRun, gaps } = parseJobOptions(job.options);
  const { cursor: _, partial: __, tally: ___, gaps: ____, collect, ...report } = parseReport(job.report);
  return {
    ...{ id, connection, source, state: job.state, problem: job.problem ?? null },
    collects: job.standing,
    collected:
      collect === undefined ? null : { lookedAt: iso(collect.lookedAt), problem: collect.problem ?? null },
    ...{ createdAt: iso(job.createdAt), changedAt: iso(job.changedAt) },
    from: wanted.from === undefined ? null : iso(wanted.from),
    to: wanted.until === undefined ? null : iso(wanted.until),
    ...{
      events: wanted.events ?? null,
      isDryRun: dryRun !== undefined,
      isSearchForGaps: gaps !== undefined,
      searchesEveryDay: gaps?.everyDay === true,
      report,
    },
    delivery: { accepted, imported, skipped, deadLettered, pending },
  };
}

const iso = (time: number): string => new Date(time).toISOString();
