import { cohortIdPattern, cohortWebhookSchema } from '@braze-mixpanel/core/mixpanel';
import ms from 'ms';
import { z } from 'zod';
import { day, ofAtMostDays } from '../clock/day-span.ts';
import type { CohortErrorCode } from '../errors/cohort-errors.ts';
import { limitWords, newestFirst, newestFirstWords, pageLimit, pageLimitInBody } from '../paging.ts';
import { membersSchema } from './ledger/list-members.ts';
import { sentDays, sentSchema } from './ledger/sent-on-days.ts';
import { stateNames } from './ledger/states.ts';
import { dryRunSchema } from './syncs/dry-run.ts';
import { runSchema, syncSchema } from './syncs/sync-json.ts';
import { forgottenSchema } from './users/forget-everywhere.ts';
import { membershipSchema } from './users/trace-user.ts';

/** Time-out that lets another replica become the leader after a crash, and answer. */
const timeoutMs = 20_000;
/** Time-out after which `/status` shows the state in storage. */
const listTimeoutMs = 3_000;
/**
 * Time-out of slow verbs: a dry run reads the cohort first, and a search for one user reads every snapshot.
 */
const longTimeoutMs = 120_000;

const id = z.string();
const source = z.enum(['query', 'webhook']);
const mode = z.enum(['dynamic', 'one-time']);
const sink = z.enum(['partner', 'track']);
const entry = z.object({
  ...{ id, mode, source: source.optional(), sink: sink.optional(), intervalMs: z.number().optional() },
});
const limit = z.int();
const nothing = z
  .null()
  .or(z.undefined())
  .transform((): void => undefined);

const interval = z
  .string()
  .transform(text => (/^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? ms(text as ms.StringValue) : undefined))
  .refine(
    value => value !== undefined && value >= 60_000,
    'expected a duration of 1m or more, for example "2h"',
  );
const createSchema = z.strictObject({
  cohort: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(cohortIdPattern, { error: 'expected digits, at most 20' })),
  mode: mode.default('dynamic'),
  connection: z.string().default('default'),
  source: source.optional(),
  sink: sink.optional(),
  interval: interval.optional(),
  start: z.boolean().default(true),
});
/** `last`, or the ID of a run in the history. */
const ledgerRun = z
  .string()
  .regex(/^(last|[1-9]\d{0,14})$/, { error: 'must be last, or the ID of a run in the history' })
  .default('last')
  .transform(text => (text === 'last' ? undefined : Number(text)));
const span = z.object({ from: day, to: day }).refine(...ofAtMostDays(sentDays));
const membersPage = { run: ledgerRun, state: z.enum(stateNames).optional(), after: z.string().optional() };
const membersWords = `run (last, or the ID of a run), state (${stateNames.join(', ')}), ${limitWords} and after (the \`next\` of the page before)`;
const membersArgs = z.tuple([
  id,
  z.object({
    ...{ run: z.number().optional(), state: z.enum(stateNames).optional() },
    ...{ after: z.string().optional(), limit },
  }),
]);

/** The HTTP route of a verb in the admin API. */
interface VerbRoute<Args, Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  /** What the query or the body may have, for a client that sent another. */
  readonly expected?: string;
  /** Longest body; `10kb` by default. */
  readonly bodyLimit?: string;
  /** Status of success; 200 by default. A success of 204 has no body. */
  readonly status?: number;
  /** The JSON of a success. */
  readonly answer: Answer;
  /** Refusals besides those of every verb. */
  readonly errors?: readonly CohortErrorCode[];
  /** Arguments of the verb; the ID alone by default. */
  args?(request: { id: string; query: z.output<Query>; body: z.output<Body> }): Args;
  /** The property of the answer that holds the result; by default the result is the answer. */
  readonly as?: string;
  /** Action in the audit log, which has the ID of the sync, and these properties of the body. */
  readonly audit?: string;
  readonly audited?: readonly string[];
}
export type AnyVerbRoute = VerbRoute<readonly unknown[], z.ZodObject, z.ZodType, z.ZodType>;

/**
 * The cohort API: every verb with its arguments, its result, the time that a caller on another replica waits
 * for it, and its route. The type of the API, the calls between replicas, the routes under `/api` and the
 * calls of the command line follow from this table, and `CohortService` implements it. Arguments and results
 * survive JSON. Failures are `CohortError`.
 */
export const cohortVerbs = {
  list: routed(z.tuple([]), z.array(syncSchema), listTimeoutMs, {
    ...{ method: 'get', path: '/api/cohorts', summary: 'Every cohort sync with its state.' },
    ...{ answer: z.object({ cohorts: z.array(syncSchema) }), as: 'cohorts', args: () => [] },
  }),
  create: routed(z.tuple([id, entry, z.object({ start: z.boolean() })]), syncSchema, timeoutMs, {
    ...{
      method: 'post',
      path: '/api/cohorts',
      summary: 'Creates a sync; with start=false it is paused.',
    },
    ...{ body: createSchema, status: 201, answer: syncSchema, audit: 'create', audited: ['start'] },
    expected:
      'Expected a JSON object with cohort (the ID in Mixpanel) and any of mode (dynamic or one-time), connection, source (query or webhook), sink (partner or track), interval (such as "2h") and start (true or false).',
    errors: ['sync_exists', 'unknown_connection', 'query_not_configured', 'schedule_impossible'],
    args: ({ body: { cohort, connection, interval: intervalMs, start, ...rest } }) => [
      connection,
      { id: cohort, intervalMs, ...rest },
      { start },
    ],
  }),
  find: routed(z.tuple([id]), syncSchema, timeoutMs, {
    ...{ method: 'get', path: '/api/cohorts/:id', summary: 'One sync.', answer: syncSchema },
  }),
  remove: routed(z.tuple([id]), nothing, timeoutMs, {
    ...{ method: 'delete', path: '/api/cohorts/:id', status: 204, answer: z.undefined(), audit: 'delete' },
    summary: 'Removes the sync; its members stay in Braze.',
  }),
  discard: routed(z.tuple([id]), nothing, timeoutMs, {
    ...{
      method: 'delete',
      path: '/api/cohort-documents/:id',
      status: 204,
      answer: z.undefined(),
      audit: 'discard',
    },
    summary: 'Discards a damaged stored document, by the name in `cohort_document_damaged`.',
    errors: ['cohort_document_intact'],
  }),
  resume: change('start', 'Resumes after a pause, or runs a one-time sync again.'),
  pause: change('pause', 'Stops sending; pushed pages are still stored.'),
  run: change('run', 'Runs now, regardless of the schedule.', { status: 202 }),
  confirm: change('confirm', 'Applies the change that the safety stop holds.', {
    ...{ status: 202, errors: ['nothing_held'] },
  }),
  setSource: routed(z.tuple([id, source]), syncSchema, timeoutMs, {
    ...{ method: 'post', path: '/api/cohorts/:id/source', summary: 'Changes where the members come from.' },
    ...{ body: z.strictObject({ source }), answer: syncSchema, audit: 'source', audited: ['source'] },
    expected: 'Expected a JSON object with source (query or webhook).',
    errors: ['query_not_configured', 'schedule_impossible'],
    args: ({ id, body }) => [id, body.source],
  }),
  dryRun: routed(z.tuple([id, z.boolean()]), dryRunSchema, longTimeoutMs, {
    ...{ method: 'post', path: '/api/cohorts/:id/dry-run', answer: dryRunSchema },
    summary: 'What a run would send and cost; with resend=true, as a full send. Nothing is sent.',
    query: z.object({ resend: z.enum(['true', 'false']).default('false') }),
    expected: 'Expected resend (true or false), optional and once.',
    errors: ['query_not_configured', 'mixpanel_query_failed', 'mixpanel_query_throttled'],
    args: ({ id, query }) => [id, query.resend === 'true'],
  }),
  history: routed(
    z.tuple([id, z.object({ before: z.number().optional(), limit })]),
    z.array(runSchema),
    timeoutMs,
    {
      ...{ method: 'get', path: '/api/cohorts/:id/history', as: 'runs' },
      summary: 'Runs, newest first; before=<id of the last one> gives the next page.',
      query: z.object(newestFirst),
      expected: `Expected any of ${newestFirstWords}, each once.`,
      answer: z.object({ runs: z.array(runSchema) }),
      args: ({ id, query }) => [id, query],
    },
  ),
  unmatched: routed(
    z.tuple([id, z.object({ after: z.string().optional(), limit })]),
    z.array(z.string()),
    timeoutMs,
    {
      ...{ method: 'get', path: '/api/cohorts/:id/unmatched', as: 'unmatched' },
      summary:
        'Distinct IDs of members that match no user in Braze; after=<the last one> gives the next page.',
      query: z.object({ limit: pageLimit, after: z.string().optional() }),
      expected: `Expected any of ${limitWords} and after (a distinct ID), each once.`,
      answer: z.object({ unmatched: z.array(z.string()) }),
      args: ({ id, query }) => [id, query],
    },
  ),
  members: routed(membersArgs, membersSchema, timeoutMs, {
    ...{ method: 'get', path: '/api/cohorts/:id/members', answer: membersSchema },
    summary:
      'The ledger of a run: members that are not in Braze as they are in Mixpanel, with reasons; after=<next> gives the next page.',
    query: z.object({ ...membersPage, limit: pageLimit }),
    expected: `Expected any of ${membersWords}, each once.`,
    errors: ['ledger_unknown', 'ledger_cursor_invalid'],
    args: ({ id, query }) => [id, query],
  }),
  membersPage: routed(membersArgs, membersSchema, timeoutMs, {
    ...{ method: 'post', path: '/api/cohorts/:id/members', answer: membersSchema },
    summary:
      'As GET, with the parameters in the body: `after` contains the ID of a member, and proxies log addresses. Reads only.',
    ...{ body: z.strictObject({ ...membersPage, limit: pageLimitInBody }), bodyLimit: '1mb' },
    expected: `Expected a JSON object with any of ${membersWords}.`,
    errors: ['ledger_unknown', 'ledger_cursor_invalid'],
    args: ({ id, body }) => [id, body],
  }),
  cost: routed(z.tuple([id, span]), sentSchema, timeoutMs, {
    ...{ method: 'get', path: '/api/cohorts/:id/cost', answer: sentSchema },
    summary: 'Attribute updates and cohort assignments that Braze accepted, per UTC day.',
    query: span,
    expected: `Expected from and to (days such as 2026-01-31, at most ${sentDays} of them), each once.`,
    errors: ['cohort_days_ahead'],
    args: ({ id, query }) => [id, query],
  }),
  forget: verb(z.tuple([id]), forgottenSchema, longTimeoutMs),
  trace: verb(z.tuple([id]), z.array(membershipSchema), longTimeoutMs),
  /** Resolves when the page is on disk. */
  receive: verb(z.tuple([id, cohortWebhookSchema]), nothing, timeoutMs),
};

export type CohortVerb = keyof typeof cohortVerbs;

/** The cohort syncs, in this process or in the leader's. */
export type CohortApi = {
  readonly [Verb in CohortVerb]: (
    ...args: z.output<(typeof cohortVerbs)[Verb]['args']>
  ) => Promise<z.output<(typeof cohortVerbs)[Verb]['result']>>;
};

/** Calls a verb by its name. */
export function perform(api: CohortApi, verb: CohortVerb, args: readonly unknown[]): Promise<unknown> {
  return (api[verb] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
}

function change(
  action: string,
  summary: string,
  more: { status?: number; errors?: readonly CohortErrorCode[] } = {},
) {
  return routed(z.tuple([id]), syncSchema, timeoutMs, {
    ...{ method: 'post', path: `/api/cohorts/:id/${action}`, summary, answer: syncSchema, audit: action },
    ...more,
  });
}

function verb<Args extends z.ZodTuple, Result extends z.ZodType>(
  args: Args,
  result: Result,
  timeoutMs: number,
) {
  return { args, result, timeoutMs, route: undefined };
}

function routed<
  Args extends z.ZodTuple,
  Result extends z.ZodType,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(args: Args, result: Result, timeoutMs: number, route: VerbRoute<z.input<Args>, Query, Body, Answer>) {
  return { args, result, timeoutMs, route };
}
