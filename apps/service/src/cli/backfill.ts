import { parseSourceAddress, SourceError } from '@braze-mixpanel/currents-files';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../config/near-miss.ts';
import { backfillEndpoints } from '../http/backfill-endpoints.ts';
import { endMoment, moment } from '../http/query.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { backfillReport, titleOf } from './backfill-report.ts';
import { type RunOptions, runBackfill } from './backfill-run.ts';
import { emptyPage, olderLine, placeAfter } from './pages.ts';
import { minute, records } from './terminal.ts';

/** `backfill <source>`, and `backfill list|show|pause|resume|cancel`. */
export function backfillCommand(): Command {
  const command = adminCommand('backfill', 'import events of exported files into Mixpanel')
    .argument('<source>', 'folder or bucket with exported files (s3://…, gs://…, azblob://…)')
    .option('--connection <name>', 'connection whose events they are', 'default')
    .option('--from <time>', 'day or time of the first wanted event, UTC', time)
    .option('--to <time>', 'last wanted day, or the time before which wanted events are, UTC', time)
    .option(
      '--events <names>',
      'only these events, by type or name in Mixpanel, separated by commas',
      eventNames,
    )
    .option('--gaps', 'import only events that Mixpanel lacks, on days whose numbers differ')
    .option('--every-day', 'with --gaps: compare every day with Mixpanel')
    .addOption(
      new Option(
        '--mapping-before <which>',
        'options under which events are mapped from before the history of options',
      ).choices(['present', 'oldest']),
    )
    .option('--dry-run', 'read and count everything, send nothing')
    .option(
      '--price-per-million <amount>',
      'for --dry-run: price of a million events, a number without a currency (default: MIXPANEL_PRICE_PER_MILLION)',
      price,
    )
    .option('--detach', 'return at once; the running service does the work')
    .addHelpText(
      'after',
      '\nExit code: 0 if everything was read, 3 if places in files could not be read\n(the report names them), 1 if the back-fill was not started or not finished.',
    )
    .action((source: string, options: RunOptions, command: Command) => {
      checkUsage(source, options, command);
      return runBackfill(source, options).catch(error => {
        throw withSuggestion(error, source, command);
      });
    });

  asks(
    subcommand(command, 'list', 'list back-fills, newest first')
      .option('--limit <n>', 'maximum number', '100')
      .option('--before <id>', 'only those with a smaller ID: the next page'),
    (service, { limit, before }: { limit: string; before?: string }) =>
      service.call(backfillEndpoints.list, { query: { limit, before } }),
    ({ backfills }, { limit, before }) =>
      backfills.length === 0
        ? emptyPage(before, 'No back-fills.', 'No older back-fills.')
        : [
            records(
              ['id', 'connection', 'kind', 'state', 'created', 'events', 'source'],
              backfills.map(({ id, connection, state, createdAt, report, source, ...job }) => [
                ...[String(id), connection, titleOf(job), state, minute(createdAt)],
                ...[report.events.accepted, source],
              ]),
            ),
            ...olderLine(placeAfter(backfills, limit)),
          ].join('\n'),
  );
  asks(
    subcommand(command, 'show', 'show what a back-fill has read').argument('<id>', '', jobId),
    (service, _options: object, id: number) => service.call(backfillEndpoints.show, { id: String(id) }),
    job => backfillReport(job, { isLater: true }),
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

function time(text: string): string {
  if (!moment.safeParse(text).success)
    throw new InvalidArgumentError('Expected a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z.');
  return text;
}

function eventNames(text: string): string[] {
  const names = text.split(',').map(name => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Expected names of events, separated by commas.');
  return names;
}

function price(text: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text))
    throw new InvalidArgumentError('Expected an amount without a currency, such as 140 or 0.28.');
  return Number(text);
}

/** The error of a source that is missing; one that resembles a command may be a misspelt one. */
function withSuggestion(error: unknown, source: string, { commands }: Command): unknown {
  if (!(error instanceof AdminError) || error.code !== 'backfill_source_refused') return error;
  const names = commands.map(command => `backfill ${command.name()}`);
  return new AdminError(error.message + didYouMean(`backfill ${source}`, names, 2), error.code);
}

/** Ends the command where the source is no address, or an option is of no use without another one. */
function checkUsage(source: string, options: RunOptions, command: Command): void {
  try {
    parseSourceAddress(source);
  } catch (error) {
    // The source is not repeated, since it might hold a credential.
    if (error instanceof SourceError) command.error(error.message);
    throw error;
  }
  if (options.pricePerMillion !== undefined && !options.dryRun)
    command.error('--price-per-million is only for a dry run: add --dry-run, or leave the price out.');
  if (options.everyDay && !options.gaps)
    command.error('--every-day is only for a search for gaps: add --gaps, or leave it out.');
  if (options.gaps && options.from === undefined)
    command.error('A search for gaps needs its first day: add --from, at most 100 days before --to.');
  const { from, to } = options;
  if (from !== undefined && to !== undefined && moment.parse(from) >= endMoment.parse(to))
    command.error('--from is not before --to.');
}
