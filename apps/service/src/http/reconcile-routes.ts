import type { Reconciliation, Reconciliations } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { day, ofAtMostDays } from '../clock/day-span.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { adviceOf, type Cause, causes, meaningOf } from '../reconcile/explain/causes.ts';
import type { ReconcileRunner } from '../reconcile/run/reconcile-runner.ts';
import { endedRows, type Report, reportSchema } from '../reconcile/run/report.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import { refuseDaysAhead } from './refuse-days-ahead.ts';

export interface ReconcileRoutesOptions {
  readonly reconciliations: Pick<Reconciliations, 'get' | 'list'>;
  readonly runner: Pick<ReconcileRunner, 'begin' | 'defaultDays' | 'today'>;
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
}

const mostDays = 31;
/** All that storage keeps of a connection. */
const mostListed = 120;

const stateSchema = z.enum(['running', 'done', 'failed', 'interrupted']);
const entrySchema = z
  .object({
    id: z.int(),
    connection: z.string(),
    /** `YYYY-MM-DD` in UTC, both inclusive. */
    from: z.string(),
    to: z.string(),
    /** Whether the schedule began it, see RECONCILE_DAYS, and not an operator. */
    isDaily: z.boolean(),
    state: stateSchema,
    startedAt: z.string(),
    /** Null while it is running. */
    endedAt: z.string().nullable(),
  })
  .readonly();

const reconciliationSchema = z
  .object({
    ...entrySchema.unwrap().shape,
    /** What it does, a sentence; null unless it is running. */
    progress: z.string().nullable(),
    /** Why it failed or was interrupted; null for any other. */
    problem: z.string().nullable(),
    /** Null unless it is done. */
    report: reportSchema.nullable(),
    /** The causes in the report, in words. `advice` is absent where nothing is wrong, and of days that have not ended. */
    causes: z
      .partialRecord(
        z.enum(Object.keys(causes) as Cause[]),
        z.object({ meaning: z.string(), advice: z.string().optional() }).readonly(),
      )
      .readonly(),
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
    summary:
      'The kept reports, newest first, without their rows, and the default days and the longest span of the next one.',
    query: z.strictObject({ connection: z.string().optional() }),
    expected: 'Expected connection, optional and once.',
    answer: z
      .object({
        reconciliations: z.array(entrySchema).readonly(),
        days: z
          .object({ from: z.string(), to: z.string() })
          .readonly()
          .describe(
            'Days of which all counts have arrived; without events of these, the newest days that have some.',
          ),
        mostDays: z.int().describe('The most days of one report.'),
      })
      .readonly(),
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

/** Routes of `reconcile`. A report is begun by one request and read by others: it may take hours. */
export function reconcileRoutes({
  reconciliations,
  runner,
  connections,
}: ReconcileRoutesOptions): ApiRoute[] {
  const connectionOf = (name: string) => {
    const connection = connections.get(name);
    if (connection === undefined) throw new ApiError('unknown_connection');
    return connection;
  };
  return [
    apiRoute(reconcileEndpoints.begin, async ({ body: { connection, from, to } }) => {
      const known = connectionOf(connection);
      refuseDaysAhead(from, runner.today());
      const { id } = await runner.begin(known, { from, to });
      return { id };
    }),
    apiRoute(reconcileEndpoints.list, async ({ query: { connection } }) => {
      const listed = await reconciliations.list({
        ...(connection !== undefined && { connection: connectionOf(connection).name }),
        limit: mostListed,
      });
      const names = connection === undefined ? [...connections.keys()] : [connection];
      return { reconciliations: listed.map(entryOf), days: await runner.defaultDays(names), mostDays };
    }),
    apiRoute(reconcileEndpoints.get, async ({ id }) => {
      const found = /^\d{1,15}$/.test(id) ? await reconciliations.get(Number(id)) : undefined;
      if (found === undefined) throw new ApiError('unknown_reconciliation');
      const { state, text } = found;
      const report = state === 'done' ? reportSchema.parse(JSON.parse(text)) : null;
      return {
        ...entryOf(found),
        progress: state === 'running' ? text : null,
        problem: state === 'failed' || state === 'interrupted' ? text : null,
        report,
        causes: report === null ? {} : causesOf(report),
      };
    }),
  ];
}

function causesOf(report: Report): z.output<typeof reconciliationSchema>['causes'] {
  const ended = reasonsBy(endedRows(report));
  return Object.fromEntries(
    [...reasonsBy(report.rows).keys()].map(cause => {
      const reasons = ended.get(cause);
      const advice = reasons && adviceOf(cause, report.timeZones, [...reasons]);
      return [cause, { meaning: meaningOf(cause), ...(advice !== undefined && { advice }) }];
    }),
  );
}

/** The reasons of each cause in some rows. */
function reasonsBy(rows: Report['rows']): ReadonlyMap<Cause, ReadonlySet<string>> {
  const found = new Map<Cause, Set<string>>();
  for (const { cause, reason } of rows.flatMap(({ steps }) => steps.flatMap(step => step.causes))) {
    const reasons = found.get(cause) ?? new Set();
    found.set(cause, reason === undefined ? reasons : reasons.add(reason));
  }
  return found;
}

const entryOf = ({
  startedAt,
  endedAt,
  ...rest
}: Omit<Reconciliation, 'text'>): z.output<typeof entrySchema> => ({
  ...{
    id: rest.id,
    connection: rest.connection,
    from: rest.from,
    to: rest.to,
    isDaily: rest.isDaily,
    state: rest.state,
  },
  startedAt: new Date(startedAt).toISOString(),
  endedAt: rest.state === 'running' ? null : new Date(endedAt).toISOString(),
});
