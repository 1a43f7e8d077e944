import type { FileSource } from '@braze-mixpanel/currents-files';
import {
  type Backfill,
  type BackfillState,
  type Journal,
  type MappingHistory,
  type Storage,
  StorageError,
} from '@braze-mixpanel/storage';
import type { Trail } from '../audit/audit-logger.ts';
import { queueOf } from '../backfill/backfill-queue.ts';
import { deliveredOn } from '../backfill/delivered-on.ts';
import { type DryRunEstimate, estimateDryRun } from '../backfill/dry-run-estimate.ts';
import { emptyTally } from '../backfill/dry-run-tally.ts';
import { type JobOptions, parseJobOptions } from '../backfill/job-options.ts';
import { parseReport } from '../backfill/report.ts';
import { whole } from '../paging.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute } from './api-route.ts';
import { type BackfillJson, backfillEndpoints, backfillJson } from './backfill-endpoints.ts';
import { type ConnectionMapping, checkMappingHistory, checkRequest } from './backfill-request.ts';
import { refusedChange } from './refused-change.ts';

export interface BackfillRoutesOptions {
  readonly backfills: Storage['backfills'];
  readonly journal: Pick<Journal, 'counts' | 'dayCounts'>;
  readonly mappingHistory: Pick<MappingHistory, 'list'>;
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
  const { backfills, journal, mappingHistory, onRunnable, audit, now } = options;

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
      const { mapping, wanted, source } = await checkRequest(body, options);
      const { connection, dryRun, pricePerMillion, gaps, mappingBefore } = body;
      if (mappingBefore === undefined) checkMappingHistory(wanted, await mappingHistory.list(connection));
      const written = JSON.stringify({
        ...{ wanted, mapping: mapping.options },
        ...(mappingBefore && { mappingBefore }),
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
        if (!changed) throw new ApiError('backfill_wrong_state', refusedChange(verb, { id, state }));
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
  const days = tally.days.map(({ day }) => day);
  return estimateDryRun(
    tally,
    await deliveredOn(journal, connection, days),
    dryRun.pricePerMillion ?? pricePerMillion,
  );
}

async function stored<Value>(write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StorageError) throw new ApiError('backfill_not_stored');
    throw error;
  }
}
