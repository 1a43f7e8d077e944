import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import type { ConnectionConfig } from '../config/config.ts';
import type { JobStore } from '../lookup-tables/job-store.ts';
import type { PushTables } from '../lookup-tables/push-on-leader.ts';
import { tablesJson, tablesSchema } from '../lookup-tables/tables-json.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface LookupTableRoutesOptions {
  readonly store: Pick<JobStore, 'state'>;
  readonly push: PushTables;
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly audit: Trail;
}

export const lookupTableEndpoints = {
  show: endpoint({
    method: 'get',
    path: '/api/lookup-tables',
    summary: "A connection's lookup tables in Mixpanel, and what the newest run did with them.",
    query: z.strictObject({ connection: z.string().default('default') }),
    expected: 'Expected connection, optional and once.',
    answer: tablesSchema,
    errors: ['unknown_connection'],
  }),
  push: endpoint({
    method: 'post',
    path: '/api/lookup-tables/push',
    summary: 'Begins to read campaigns and Canvases of Braze, and to write the lookup tables that changed.',
    bodyLimit: '10kb',
    body: z.strictObject({ connection: z.string().default('default'), dryRun: z.boolean().default(false) }),
    expected: 'Expected a JSON object with connection and dryRun, both optional.',
    status: 202,
    answer: z
      .object({
        /** The number of the run, which `GET /api/lookup-tables` shows. */
        run: z.int(),
      })
      .readonly(),
    errors: [
      ...(['unknown_connection', 'lookup_tables_off', 'lookup_tables_running'] as const),
      'lookup_tables_no_leader',
    ],
  }),
};

/** Routes of lookup tables. A run is begun by one request and shown by others: it may take hours. */
export function lookupTableRoutes({ store, push, connections, audit }: LookupTableRoutesOptions): ApiRoute[] {
  const connectionOf = (name: string) => {
    const connection = connections.get(name);
    if (connection === undefined) throw new ApiError('unknown_connection');
    return connection;
  };
  return [
    apiRoute(lookupTableEndpoints.show, async ({ query: { connection } }) =>
      tablesJson(connectionOf(connection), await store.state(connection)),
    ),
    apiRoute(lookupTableEndpoints.push, async ({ body: { connection, dryRun }, response }) => {
      const run = await push(connectionOf(connection).name, dryRun);
      if (!dryRun) await audit(response, 'lookup_tables.push', { connection, run });
      return { run };
    }),
  ];
}
