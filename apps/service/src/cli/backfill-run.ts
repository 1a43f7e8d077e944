import { openSource } from '@braze-mixpanel/currents-files';
import type { z } from 'zod';
import { realMonotonic } from '../clock/index.ts';
import type { Config } from '../config/config.ts';
import { errors } from '../errors/catalogue.ts';
import { withDetail } from '../errors/with-detail.ts';
import { ApiError } from '../http/api-error.ts';
import { type BackfillJson, backfillEndpoints } from '../http/backfill-endpoints.ts';
import { checkRequest, connectionMappings } from '../http/backfill-request.ts';
import { configuredClient, refuseInvalid } from './admin-client.ts';
import { AdminError } from './admin-error.ts';
import { backfillProgress } from './backfill-progress.ts';
import { backfillReport, titleOf } from './backfill-report.ts';
import { nativeNote } from './dry-run-report.ts';
import { print } from './print.ts';
import { alone } from './service-alone.ts';
import { paragraph } from './terminal.ts';
import { watchBackfill } from './watch-backfill.ts';

/** Options of `backfill <source>`. */
export interface RunOptions {
  readonly url?: string;
  readonly json?: boolean;
  readonly connection: string;
  readonly from?: string;
  readonly to?: string;
  readonly events?: readonly string[];
  readonly gaps?: boolean;
  readonly everyDay?: boolean;
  readonly mappingBefore?: 'present' | 'oldest';
  readonly dryRun?: boolean;
  readonly pricePerMillion?: number;
  readonly detach?: boolean;
}

/** Starts a back-fill, here if no service runs, and shows its progress until it ends. */
export async function runBackfill(source: string, options: RunOptions): Promise<void> {
  const client = configuredClient(options.url);
  const body = requestOf(source, options);
  refuseInvalid(backfillEndpoints.create, { body });
  const progress = backfillProgress(process.stderr, realMonotonic);
  // Without an address, the work is done here when no service runs.
  await using started =
    options.url !== undefined || options.detach || (await client.isReachable())
      ? undefined
      : await alone({ check: config => checkHere(body, config), log: progress.above });
  const service = started?.client ?? client;
  const job = await service.call(backfillEndpoints.create, { body });
  if (body.gaps === undefined && !body.dryRun) console.error(paragraph(nativeNote));
  if (options.detach) {
    print(options.json ? JSON.stringify(job) : startedText(job));
    return;
  }
  const ended = await watchBackfill(service, job, { progress, isAlone: started !== undefined });
  print(options.json ? JSON.stringify(ended) : backfillReport(ended));
  process.exitCode = exitCodeOf(ended);
}

type CreateBody = z.input<NonNullable<typeof backfillEndpoints.create.body>>;

function requestOf(
  source: string,
  { connection, from, to, events, dryRun = false, mappingBefore, pricePerMillion, ...options }: RunOptions,
): CreateBody {
  const gaps = options.gaps && (options.everyDay ? 'every_day' : 'suspect_days');
  return {
    ...{ connection, source, dryRun },
    ...{ ...(from && { from }), ...(to && { to }), ...(events && { events: [...events] }) },
    ...(gaps && { gaps }),
    ...(mappingBefore && { mappingBefore }),
    ...(pricePerMillion !== undefined && { pricePerMillion }),
  };
}

/** Where the result of a back-fill will be that goes on without this command. */
function startedText(job: BackfillJson): string {
  const title = titleOf(job).replace(/^./, first => first.toUpperCase());
  return `${title} ${job.id} was started in the service. Show its result with: backfill show ${job.id}`;
}

/** 0 for a back-fill that has read everything, 3 for one that could not read some places, and otherwise 1. */
const exitCodeOf = ({ state, report }: BackfillJson): number =>
  state !== 'done' ? 1 : report.faults.count > 0 ? 3 : 0;

/** Checks a request under the configuration of a service that would be started. @throws AdminError */
async function checkHere(body: CreateBody, config: Config): Promise<void> {
  try {
    const request = backfillEndpoints.create.body!.parse(body);
    await checkRequest(request, { mappings: connectionMappings(config), openSource, now: Date.now });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new AdminError(withDetail(errors[error.code].message, error.detail), error.code);
  }
}
