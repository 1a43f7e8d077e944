import { type CatalogueVersion, catalogue2026_07, resolveSelection } from '@braze-mixpanel/core/currents';
import { type FileSource, SourceError } from '@braze-mixpanel/currents-files';
import {
  type Backfill,
  type BackfillState,
  type Journal,
  type Storage,
  StorageError,
} from '@braze-mixpanel/storage';
import type { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { backfillQueue, queueOf } from '../backfill/backfill-queue.ts';
import { type DryRunEstimate, daysOf, estimateDryRun } from '../backfill/dry-run-estimate.ts';
import { emptyTally } from '../backfill/dry-run-tally.ts';
import { type JobOptions, parseJobOptions } from '../backfill/job-options.ts';
import { parseReport } from '../backfill/report.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute } from './api-route.ts';
import { type BackfillJson, backfillEndpoints, backfillJson } from './backfill-endpoints.ts';
import { whole } from './query.ts';

/** What a back-fill needs of a connection. */
interface ConnectionMapping {
  /** Present mapping options, as stored with its batches. */
  readonly options: string;
  readonly version: CatalogueVersion;
  /** Whether Mixpanel's raw export can be read. */
  readonly canExport: boolean;
}

export interface BackfillRoutesOptions {
  readonly backfills: Storage['backfills'];
  readonly journal: Pick<Journal, 'counts' | 'dayCounts'>;
  readonly openSource: (address: string) => Promise<FileSource>;
  /** By connection. */
  readonly mappings: ReadonlyMap<string, ConnectionMapping>;
  /** `MIXPANEL_PRICE_PER_MILLION`. */
  readonly pricePerMillion: number | undefined;
  /** Called when a job was created or resumed. */
  readonly onRunnable: () => void;
  readonly audit: Trail;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const changes = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused', 'failed'], to: 'running' },
  cancel: { from: ['running', 'paused', 'failed'], to: 'cancelled' },
} as const satisfies Record<string, { from: BackfillState[]; to: BackfillState }>;

/** Routes of back-fills. A job is in storage before it is answered, and any replica may run it. */
export function backfillRoutes(options: BackfillRoutesOptions): ApiRoute[] {
  const { backfills, journal, mappings, onRunnable, audit, now } = options;

  const jsonOf = async (jobs: readonly Backfill[]): Promise<BackfillJson[]> => {
    const counts = await journal.counts();
    return jobs.map(job => backfillJson(job, counts[queueOf(job)]));
  };
  const found = async (text: string): Promise<Backfill> => {
    const id = whole.safeParse(text);
    const job = id.success ? await backfills.get(id.data) : undefined;
    if (job === undefined) throw new ApiError('backfill_unknown');
    return job;
  };

  return [
    apiRoute(backfillEndpoints.list, async ({ query: { limit, before } }) => ({
      backfills: await jsonOf(await backfills.list({ limit, before })),
    })),
    apiRoute(backfillEndpoints.show, async ({ id }) => {
      const job = await found(id);
      const dryRun = await estimateOf(job, options);
      const { gaps } = parseReport(job.report);
      return { ...(await jsonOf([job]))[0]!, ...(dryRun && { dryRun }), ...(gaps && { gaps }) };
    }),
    apiRoute(backfillEndpoints.create, async ({ body, response }) => {
      const mapping = mappings.get(body.connection);
      if (mapping === undefined) throw new ApiError('backfill_unknown_connection');
      const wanted = wantedOf(body, mapping.version);
      const source = await listable(body.source, options);
      const { connection, dryRun, pricePerMillion, gaps } = body;
      if (gaps !== undefined) checkGaps(wanted, mapping, now());
      const written = JSON.stringify({
        ...{ wanted, mapping: mapping.options },
        ...(gaps && { gaps: { everyDay: gaps === 'every_day' } }),
        ...(dryRun && { dryRun: { ...(pricePerMillion !== undefined && { pricePerMillion }) } }),
      } satisfies JobOptions);
      const job = { connection, source, options: written, createdAt: now(), standing: false };
      const id = await stored(() => backfills.create(job));
      onRunnable();
      await audit(response, 'backfill.create', { id, ...body, source });
      return (await jsonOf([await found(String(id))]))[0]!;
    }),
    ...(['pause', 'resume', 'cancel'] as const).map(verb =>
      apiRoute(backfillEndpoints[verb], async ({ id: text, response }) => {
        const { id, state, standing } = await found(text);
        if (standing && verb === 'cancel')
          throw new ApiError(
            'backfill_wrong_state',
            'It collects new files until COLLECT is removed or changed. Pause it instead.',
          );
        const changed = await stored(() => backfills.change({ id, ...changes[verb], at: now() }));
        if (!changed) throw new ApiError('backfill_wrong_state', `It is ${state}.`);
        if (verb === 'resume') onRunnable();
        await audit(response, `backfill.${verb}`, { id });
        return (await jsonOf([await found(text)]))[0]!;
      }),
    ),
  ];
}

/** What a dry run found, beside the counts of its days; `undefined` for any other job. */
async function estimateOf(
  { connection, ...job }: Backfill,
  { journal, pricePerMillion }: BackfillRoutesOptions,
): Promise<DryRunEstimate | undefined> {
  const { dryRun, gaps } = parseJobOptions(job.options);
  if (dryRun === undefined || gaps !== undefined) return undefined;
  const { tally = emptyTally() } = parseReport(job.report);
  const days = daysOf(tally);
  const queues = days === undefined ? [] : [connection, backfillQueue(connection)];
  const counts = await Promise.all(queues.map(queue => journal.dayCounts({ connection: queue, ...days! })));
  return estimateDryRun(tally, counts.flat(), dryRun.pricePerMillion ?? pricePerMillion);
}

/** Days that a search for gaps may have: each is read twice and exported. */
const mostGapDays = 100;

/** @param now milliseconds since 1970 @throws ApiError */
function checkGaps({ from, until }: JobOptions['wanted'], { canExport }: ConnectionMapping, now: number) {
  if (!canExport) throw new ApiError('compare_not_configured');
  if (from === undefined || (until ?? now) - from > mostGapDays * 86_400_000)
    throw new ApiError(
      'request_malformed',
      `A search for gaps needs from, at most ${mostGapDays} days before to.`,
    );
}

function wantedOf(
  { from, to: until, events }: z.output<NonNullable<typeof backfillEndpoints.create.body>>,
  version: CatalogueVersion,
): JobOptions['wanted'] {
  if (from !== undefined && until !== undefined && from >= until)
    throw new ApiError('request_malformed', 'from is not before to.');
  const types = events && eventTypesOf(events, version);
  return {
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(types && { events: types }),
  };
}

/** Event types by any of their names; the newest catalogue has types that the connection's may lack. */
function eventTypesOf(names: readonly string[], version: CatalogueVersion): string[] | undefined {
  const own = resolveSelection(names, version);
  const resolved = own.ok ? own : resolveSelection(names, catalogue2026_07);
  if (!resolved.ok) {
    const unknown = resolved.unknown.slice(0, 5).map(name => JSON.stringify(name.slice(0, 60)));
    throw new ApiError('backfill_unknown_event', `Unknown: ${unknown.join(', ')}.`);
  }
  return resolved.all ? undefined : [...resolved.eventTypes].sort();
}

/** Address of a source that can be listed. @throws ApiError */
async function listable(address: string, { openSource }: BackfillRoutesOptions): Promise<string> {
  try {
    const source = await openSource(address);
    for await (const _ of source.list()) break;
    return source.address;
  } catch (error) {
    if (error instanceof SourceError) throw new ApiError('backfill_source_refused', error.message);
    throw error;
  }
}

async function stored<Value>(write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StorageError) throw new ApiError('backfill_not_stored');
    throw error;
  }
}
