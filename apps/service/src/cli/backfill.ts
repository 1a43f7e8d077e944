import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { realMonotonic } from '../clock/index.ts';
import { type BackfillJson, backfillEndpoints } from '../http/backfill-endpoints.ts';
import { type AdminClient, configuredClient } from './admin-client.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { backfillProgress } from './backfill-progress.ts';
import { backfillReport } from './backfill-report.ts';
import { nativeNote } from './dry-run-report.ts';
import { alone } from './service-alone.ts';
import { paragraph, records } from './terminal.ts';

interface RunOptions {
  readonly url?: string;
  readonly json?: boolean;
  readonly connection: string;
  readonly from?: string;
  readonly to?: string;
  readonly events?: string;
  readonly gaps?: boolean;
  readonly everyDay?: boolean;
  readonly mappingBefore?: 'present' | 'oldest';
  readonly dryRun?: boolean;
  readonly pricePerMillion?: number;
  readonly detach?: boolean;
}

/** `backfill <source>`, and `backfill list|show|pause|resume|cancel`. */
export function backfillCommand(): Command {
  const command = adminCommand('backfill', 'bring events of exported files into Mixpanel')
    .argument('<source>', 'folder or bucket with exported files (s3://…, gs://…, azblob://…)')
    .option('--connection <name>', 'connection whose events they are', 'default')
    .option('--from <time>', 'day or time of the first wanted event, UTC')
    .option('--to <time>', 'last wanted day, or the time before which wanted events are, UTC')
    .option('--events <names>', 'only these events, separated by commas')
    .option('--gaps', 'bring in only events that Mixpanel lacks, on days with too few events')
    .option('--every-day', 'with --gaps: compare every day with Mixpanel')
    .addOption(
      new Option(
        '--mapping-before <which>',
        'options under which events are mapped from before the history of options',
      ).choices(['present', 'oldest']),
    )
    .option('--dry-run', 'read and count everything, send nothing')
    .option('--price-per-million <amount>', 'price of a million events, for --dry-run', price)
    .option('--detach', 'return at once; the running service does the work')
    .action((source: string, options: RunOptions, command: Command) => {
      checkUsage(options, command);
      return run(source, options);
    });

  asks(
    subcommand(command, 'list', 'list back-fills, newest first').option(
      '--limit <n>',
      'maximum number',
      '100',
    ),
    (service, { limit }: { limit: string }) => service.call(backfillEndpoints.list, { query: { limit } }),
    ({ backfills }) =>
      backfills.length === 0
        ? 'No back-fills.'
        : records(
            ['id', 'connection', 'state', 'created', 'accepted', 'source'],
            backfills.map(({ id, connection, state, createdAt, report, source }) => [
              ...[String(id), connection, state, createdAt.slice(0, 16), report.events.accepted, source],
            ]),
          ),
  );
  asks(
    subcommand(command, 'show', 'show what a back-fill has read').argument('<id>', '', jobId),
    (service, _options: object, id: number) => service.call(backfillEndpoints.show, { id: String(id) }),
    backfillReport,
  );
  for (const [verb, description] of [
    ['pause', 'stop reading; what was read is delivered'],
    ['resume', 'continue a paused or failed back-fill where it stopped'],
    ['cancel', 'end a back-fill; what was read is delivered'],
  ] as const)
    asks(
      subcommand(command, verb, description).argument('<id>', '', jobId),
      (service, _options: object, id: number) => service.call(backfillEndpoints[verb], { id: String(id) }),
      ({ id, state }) => `Back-fill ${id} is ${state}.`,
    );
  return command;
}

function jobId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id === 0)
    throw new InvalidArgumentError('Expected the ID of a back-fill, a whole number. Run backfill list.');
  return id;
}

function price(text: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text))
    throw new InvalidArgumentError('Expected an amount without a currency, such as 140 or 0.28.');
  return Number(text);
}

/** Ends the command where an option is of no use without another one. */
function checkUsage(options: RunOptions, command: Command): void {
  if (options.pricePerMillion !== undefined && !options.dryRun)
    command.error('--price-per-million is only for a dry run: add --dry-run, or leave the price out.');
  if ((options.gaps || options.everyDay) && options.from === undefined)
    command.error('A search for gaps needs its first day: add --from, at most 100 days before --to.');
}

async function run(source: string, options: RunOptions): Promise<void> {
  const client = configuredClient(options.url);
  // Without an address, the work is done here when no service runs.
  await using started =
    options.url !== undefined || options.detach || (await client.isReachable()) ? undefined : await alone();
  const service = started?.client ?? client;
  const { connection, from, to, events, dryRun = false, pricePerMillion } = options;
  const gaps = options.everyDay ? 'every_day' : options.gaps && 'suspect_days';
  const names = events?.split(',').map(name => name.trim());
  const job = await service.call(backfillEndpoints.create, {
    body: {
      ...{ connection, source, dryRun },
      ...(gaps && { gaps }),
      ...(options.mappingBefore !== undefined && { mappingBefore: options.mappingBefore }),
      ...(pricePerMillion !== undefined && { pricePerMillion }),
      ...{ ...(from && { from }), ...(to && { to }), ...(names && { events: names }) },
    },
  });
  if (gaps === undefined && !dryRun) console.error(paragraph(nativeNote));
  const ended = options.detach ? job : await watched(service, job, started !== undefined);
  console.log(options.json ? JSON.stringify(ended) : backfillReport(ended));
  if (ended.state === 'failed') process.exitCode = 1;
}

const lookMs = 500;

/** A dry run has nothing to deliver. */
const hasEnded = ({ state, isDryRun, delivery }: BackfillJson): boolean =>
  state !== 'running' && (state !== 'done' || isDryRun || delivery.pending === 0);

/** Shows the progress of a back-fill until it ends and its events are delivered, or until SIGINT. */
async function watched(service: AdminClient, job: BackfillJson, isAlone: boolean): Promise<BackfillJson> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const progress = backfillProgress(process.stderr, realMonotonic);
  let seen = job;
  try {
    while (!stop.signal.aborted) {
      seen = await service.call(backfillEndpoints.show, { id: String(job.id) });
      progress.show(seen);
      if (hasEnded(seen)) break;
      await pause(lookMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  if (stop.signal.aborted)
    console.error(
      isAlone
        ? `Stopped. Run the command for a service, or start it: back-fill ${job.id} continues there.`
        : `Back-fill ${job.id} continues in the service. Show it with: backfill show ${job.id}`,
    );
  return seen;
}
