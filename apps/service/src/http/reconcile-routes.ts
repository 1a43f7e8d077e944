import type { Reconciliation, Reconciliations } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { ConnectionConfig } from '../config/config.ts';
import type { ReconcileRunner } from '../reconcile/run/reconcile-runner.ts';
import { reportSchema } from '../reconcile/run/report.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import { day, ofAtMostDays } from './query.ts';

export interface ReconcileRoutesOptions {
  readonly reconciliations: Pick<Reconciliations, 'get' | 'list'>;
  readonly runner: Pick<ReconcileRunner, 'begin'>;
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  /** Milliseconds since 1970, by the schedules' clock. */
  readonly now: () => number;
}

const mostDays = 31;
const mostListed = 60;
/** A running report of a process that ended; a report takes an hour for each part at most. */
const longestMs = 6 * 3_600_000;

const stateSchema = z.enum(['running', 'done', 'failed']);
const entrySchema = z
  .object({
    id: z.int(),
    connection: z.string(),
    /** `YYYY-MM-DD` in UTC, both inclusive. */
    from: z.string(),
    to: z.string(),
    state: stateSchema,
    startedAt: z.string(),
    /** Null while it is running. */
    endedAt: z.string().nullable(),
  })
  .readonly();

const reconciliationSchema = z
  .object({
    ...entrySchema.unwrap().shape,
    /** Why it failed; null for any other. */
    problem: z.string().nullable(),
    /** Null unless it is done. */
    report: reportSchema.nullable(),
  })
  .readonly();
export type ReconciliationAnswer = z.output<typeof reconciliationSchema>;

export const reconcileEndpoints = {
  begin: endpoint({
    method: 'post',
    path: '/api/reconcile',
    summary:
      'Begins a report of the counts of Braze, the service and Mixpanel, with the causes of their differences.',
    bodyLimit: '10kb',
    body: z
      .strictObject({ connection: z.string().default('default'), from: day, to: day })
      .refine(...ofAtMostDays(mostDays)),
    expected: `Expected a JSON object with from and to (days such as 2026-01-31, at most ${mostDays} of them), and optionally connection.`,
    status: 202,
    answer: z.object({ id: z.int() }).readonly(),
    errors: ['unknown_connection'],
  }),
  list: endpoint({
    method: 'get',
    path: '/api/reconcile',
    summary: 'The kept reports, newest first, without their rows.',
    query: z.strictObject({ connection: z.string().optional() }),
    expected: 'Expected connection, optional and once.',
    answer: z.object({ reconciliations: z.array(entrySchema).readonly() }).readonly(),
    errors: ['unknown_connection'],
  }),
  get: endpoint({
    method: 'get',
    path: '/api/reconcile/:id',
    summary: 'A report, once it is done.',
    answer: reconciliationSchema,
    errors: ['unknown_reconciliation'],
  }),
};

/** Routes of `reconcile`. A report is begun by one request and read by others: it may take an hour. */
export function reconcileRoutes({
  reconciliations,
  runner,
  connections,
  now,
}: ReconcileRoutesOptions): ApiRoute[] {
  const connectionOf = (name: string) => {
    const connection = connections.get(name);
    if (connection === undefined) throw new ApiError('unknown_connection');
    return connection;
  };
  return [
    apiRoute(reconcileEndpoints.begin, async ({ body: { connection, from, to } }) => {
      const { id } = await runner.begin(connectionOf(connection), { from, to });
      return { id };
    }),
    apiRoute(reconcileEndpoints.list, async ({ query: { connection } }) => {
      const listed = await reconciliations.list({
        ...(connection !== undefined && { connection: connectionOf(connection).name }),
        limit: mostListed,
      });
      return { reconciliations: listed.map(each => entryOf(each, now())) };
    }),
    apiRoute(reconcileEndpoints.get, async ({ id }) => {
      const found = /^\d{1,15}$/.test(id) ? await reconciliations.get(Number(id)) : undefined;
      if (found === undefined) throw new ApiError('unknown_reconciliation');
      const entry = entryOf(found, now());
      const stopped = entry.state === 'failed' && found.state === 'running';
      return {
        ...entry,
        problem: stopped
          ? 'The service stopped before it ended.'
          : found.state === 'failed'
            ? found.text
            : null,
        report: found.state === 'done' ? reportSchema.parse(JSON.parse(found.text)) : null,
      };
    }),
  ];
}

function entryOf(
  { id, connection, from, to, state, startedAt, endedAt }: Omit<Reconciliation, 'text'>,
  now: number,
): z.output<typeof entrySchema> {
  const isStopped = state === 'running' && now - startedAt > longestMs;
  return {
    ...{ id, connection, from, to, state: isStopped ? 'failed' : state },
    startedAt: new Date(startedAt).toISOString(),
    endedAt: state === 'running' ? null : new Date(endedAt).toISOString(),
  };
}
