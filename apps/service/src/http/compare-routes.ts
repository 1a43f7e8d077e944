import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { day, ofAtMostDays } from '../clock/day-span.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { type ErrorCode, errors } from '../errors/catalogue.ts';
import { type CompareOptions, type Comparison, compare, comparisonSchema } from '../reconcile/compare.ts';
import { type CutOverOptions, cutOver, cutOverSchema } from '../reconcile/cut-over.ts';
import { dayOf } from '../reconcile/exports.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import { refuseDaysAhead } from './refuse-days-ahead.ts';

export interface CompareRoutesOptions extends CompareOptions, Omit<CutOverOptions, 'dryRun'> {
  readonly journal: CompareOptions['journal'] & CutOverOptions['journal'];
  readonly exports: CompareOptions['exports'] & CutOverOptions['exports'];
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly audit: Trail;
  /** A comparison ended. */
  readonly onCompared: (connection: ConnectionConfig, comparison: Comparison) => void;
}

const mostDays = 31;
const exportErrors = (Object.keys(errors) as ErrorCode[]).filter(
  code => code.startsWith('compare_') || code === 'unknown_connection',
);

export const compareEndpoints = {
  compare: endpoint({
    method: 'get',
    path: '/api/compare',
    summary: "Compares delivered events with Mixpanel's raw export, by event and UTC day.",
    query: z
      .strictObject({
        connection: z.string().prefault('default'),
        from: day,
        to: day,
        event: z.string().min(1).optional(),
      })
      .refine(...ofAtMostDays(mostDays)),
    expected: `Expected from and to (days such as 2026-01-31, at most ${mostDays} of them), and optionally connection and event, each once.`,
    answer: comparisonSchema,
    errors: exportErrors,
  }),
  cutOver: endpoint({
    method: 'post',
    path: '/api/cut-over',
    deprecatedPaths: ['/api/handover'],
    summary:
      'Removes events that Mixpanel has from another sender from a held backlog; a dry run without "confirm":true.',
    bodyLimit: '10kb',
    body: z
      .strictObject({ connection: z.string().default('default'), confirm: z.boolean().default(false) })
      .prefault({}),
    expected: 'Expected a JSON object with connection and confirm, both optional.',
    answer: cutOverSchema,
    errors: [...exportErrors, 'handover_not_held'],
  }),
};

/** Routes that read Mixpanel's raw export; they answer when the export ends. */
export function compareRoutes({
  connections,
  audit,
  onCompared,
  ...options
}: CompareRoutesOptions): ApiRoute[] {
  const connectionOf = (name: string) => {
    const connection = connections.get(name);
    if (connection === undefined) throw new ApiError('unknown_connection');
    return connection;
  };
  return [
    apiRoute(compareEndpoints.compare, async ({ query: { connection, from, to, event } }) => {
      const compared = connectionOf(connection);
      refuseDaysAhead(from, dayOf(options.now()));
      const comparison = await compare(compared, { from, to, event }, options);
      onCompared(compared, comparison);
      return comparison;
    }),
    apiRoute(compareEndpoints.cutOver, async ({ body: { connection: name, confirm }, response }) => {
      const connection = connectionOf(name);
      if (!connection.held) throw new ApiError('handover_not_held');
      const done = await cutOver(connection, { ...options, dryRun: !confirm });
      if (confirm) await audit(response, 'handover', { ...done });
      return done;
    }),
  ];
}
