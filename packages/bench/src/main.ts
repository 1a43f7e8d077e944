import { Command, InvalidArgumentError } from 'commander';
import { ingestReport, meetsMark } from './ingest/ingest-report.ts';
import { type IngestOptions, measureIngest } from './ingest/measure-ingest.ts';

interface CommonOptions {
  json?: true;
  check?: true;
}

interface IngestArguments extends CommonOptions {
  events: number;
  connections: number;
  rate?: number;
  timeout: number;
  cpuProf?: string;
}

const program = new Command('bench').description(
  'Measures the service beside the physical floor, both in one run on one machine.',
);

const common = (command: Command) =>
  command
    .option('--json', 'print the figures as JSON')
    .option('--check', 'exit 1 when a mark is missed')
    .option('--timeout <seconds>', 'give up after', positive, 300);

common(
  program
    .command('ingest')
    .description('Currents batches → the real service process → a minimal sink')
    .option('--events <n>', 'events, in batches of 100', positive, 200_000)
    .option('--connections <n>', 'keep-alive connections of the load', positive, 8)
    .option(
      '--rate <n>',
      'events a second that are offered; without it as many as are acknowledged',
      positive,
    )
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(ingest);

common(program.command('all').description('everything, with its defaults')).action(
  async (options: CommonOptions & { timeout: number }) => {
    const defaults = { ...options, events: 200_000, connections: 8 };
    await ingest(defaults);
    await ingest({ ...defaults, rate: 20_000 });
  },
);

await program.parseAsync(process.argv.length > 2 ? undefined : [...process.argv, 'all']);

async function ingest({
  events,
  connections,
  rate,
  timeout,
  cpuProf,
  json,
  check,
}: IngestArguments): Promise<void> {
  const options: IngestOptions = {
    events,
    connections,
    rate,
    timeoutMs: timeout * 1_000,
    profileFolder: cpuProf,
  };
  const figures = await measureIngest(options);
  const title =
    rate === undefined
      ? `Ingest: as fast as ${connections} connections go`
      : `Ingest: ${rate.toLocaleString('en-US')} events a second are offered`;
  console.log(
    json
      ? JSON.stringify({ bench: 'ingest', rate, ...figures })
      : `${ingestReport(title, figures, rate !== undefined)}\n`,
  );
  if (check && rate === undefined && !meetsMark(figures)) process.exitCode = 1;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0');
}
