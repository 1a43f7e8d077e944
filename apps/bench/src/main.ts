import { Command, InvalidArgumentError, Option } from 'commander';
import { backfill } from './backfill/backfill-command.ts';
import { type ChartArguments, chart } from './chart/chart-command.ts';
import { type CheckArguments, check } from './check/check-command.ts';
import { cohorts, compareSnapshots, ledger } from './cohorts/cohorts-command.ts';
import { besides } from './ingest/beside/beside.ts';
import { ingest } from './ingest/ingest-command.ts';
import { mapping } from './mapping/mapping-command.ts';
import { type CommonArguments, finish } from './measure/finish.ts';
import type { Measured } from './measure/result.ts';
import { type PeersArguments, peers } from './peers/peers-command.ts';
import { reconcile } from './reconcile/reconcile-command.ts';
import { replicas } from './replicas/replicas-command.ts';
import { EVENTS_PER_BATCH } from './samples.ts';
import { simulators } from './simulators/simulators-command.ts';
import { start } from './start/start-command.ts';
import { storage } from './storage/storage-command.ts';
import { trace } from './trace/trace-command.ts';

const program = new Command('bench').description(
  'Measures the service and the floor (hardware baseline), both in one run on one machine.',
);

const common = (command: Command) =>
  command
    .option('--json', 'print the figures as JSON')
    .option('--check', 'exit with status 1 if a mark (target) is missed')
    .option('--timeout <seconds>', 'time limit', positive, 300);

common(
  program
    .command('ingest')
    .description('Currents batches → the real service process → a minimal sink')
    .option('--events <n>', 'events', positive, 200_000)
    .addOption(
      new Option('--batch <n>', 'events of each batch').argParser(batchSize).default(EVENTS_PER_BATCH),
    )
    .option('--connections <n>', 'keep-alive connections of the load', positive, 8)
    .option('--rate <n>', 'offered events per second; unlimited if not given', positive)
    .option('--seconds <n>', 'duration at that rate, in place of --events', positive)
    .option('--warm-up <seconds>', 'acknowledgements at the beginning that do not count', positive)
    .addOption(
      new Option(
        '--beside <work>',
        'with --rate: what the service does meanwhile; later acknowledgements do not count',
      ).choices(besides),
    )
    .option('--beside-size <n>', 'events of the backlog or back-fill, members of the cohort', positive)
    .option('--postgres', 'store in a PostgreSQL server, which is started on this machine')
    .option('--latency <ms>', "latency of Mixpanel's answers", positive)
    .option('--concurrency <n>', 'DELIVERY_CONCURRENCY of the service; its default if not given', positive)
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(finished(ingest));

common(
  program
    .command('cohorts')
    .description('a Mixpanel cohort → the real service process → the partner import of Braze; then 1 % of it')
    .option('--members <n>', 'members of the cohort', positive, 100_000)
    .addOption(
      new Option('--source <source>', 'how the service receives it')
        .choices(['webhook', 'query'])
        .default('webhook'),
    ),
).action(finished(cohorts));

common(
  program
    .command('difference')
    .description('the comparison of two stored snapshots, in isolation')
    .option('--members <n>', 'members of each', positive, 10_000_000),
).action(finished(compareSnapshots));

common(
  program
    .command('ledger')
    .description('the run of a cohort in which no member matches, and the pages of its ledger')
    .option('--members <n>', 'members of the cohort', positive, 1_000_000),
).action(finished(ledger));

common(
  program
    .command('backfill')
    .description('exported Avro files → the real service process → a minimal sink')
    .option('--events <n>', 'events, a multiple of one file of each type', positive, 5_000_000)
    .option('--live-events <n>', 'events of the live load beside it', positive, 500_000)
    .option('--beside-rate <n>', 'live events per second offered beside a back-fill', positive, 5_000)
    .option('--peer <folder>', 'measure mixpanel-import too, which is installed in this folder')
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(finished(backfill));

common(
  program
    .command('reconcile')
    .description('a report of 31 days by the real service process, from a raw export')
    .option('--events <n>', 'events in the raw export', positive, 10_000_000)
    .option('--sources', 'start the service from its sources, not as the bundle of the image')
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(finished(reconcile));

common(
  program
    .command('mapping')
    .description('the mapping under both catalogue versions, beside JSON parse and stringify')
    .option('--events <n>', 'events of each round', positive, 4_000)
    .option('--rounds <n>', 'rounds, in alternating order', positive, 75)
    .option('--against <ref>', 'measure the mapper of another commit, tag or branch instead, in turns'),
).action(finished(mapping));

common(
  program
    .command('simulators')
    .description(
      'start of both; imports into the simulated Mixpanel, and the memory use of events and members',
    )
    .option('--events <n>', 'events, in requests of 2,000', positive, 1_000_000)
    .option('--members <n>', 'members of a cohort', positive, 1_000_000)
    .option('--connections <n>', 'keep-alive connections of the load', positive, 4)
    .option('--cpu-prof <folder>', 'write a CPU profile of the simulated Mixpanel'),
).action(finished(simulators));

common(
  program
    .command('storage')
    .description('batches appended, then leased and completed: SQLite, then PostgreSQL, in isolation')
    .option('--events <n>', 'events, in batches of 100', positive, 200_000)
    .option('--writers <n>', 'concurrent appends', positive, 32)
    .option('--deliverers <n>', 'concurrent leases, each of up to 2,000 events', positive, 8)
    .option('--postgres <url>', 'a PostgreSQL to measure; by default one is started, if installed'),
).action(finished(storage));

common(
  program
    .command('trace')
    .description('kept bodies with and without the index of users, then traces by the real service process')
    .option('--events <n>', 'kept events, in batches of 100', positive, 5_000_000)
    .option('--traces <n>', 'traces of each kind of user', positive, 300)
    .option('--file <path>', 'keep the events in this file, or use those it has, and measure traces only'),
).action(finished(trace));

common(
  program
    .command('replicas')
    .description('a backlog in one PostgreSQL, drained by one, two, three real services')
    .option('--events <n>', 'events of the backlog, in batches of 100', positive, 400_000)
    .option('--replicas <n>', 'maximum number of services', positive, 3)
    .option('--latency <ms>', "latency of Mixpanel's answers", positive),
).action(finished(replicas));

common(
  program
    .command('peers')
    .description('the service beside bulk importers with the same events, in turns')
    .argument(
      '<folder>',
      'in which both are installed: npm install --prefix <folder> mixpanel-import mixpanel',
    )
    .option('--events <n>', 'events of each run', positive, 200_000)
    .option('--rounds <n>', 'turns', positive, 3)
    .option('--connections <n>', 'keep-alive connections of the load', positive, 8),
).action(async (folder: string, given: PeersArguments) => finish(await peers(folder, given), given));

common(
  program
    .command('start')
    .description('from the start of a process until it is ready, and its memory and CPU time at rest')
    .option('--rounds <n>', 'starts of each server, in turns', positive, 5)
    .option('--idle <seconds>', 'seconds at rest', positive, 15),
).action(finished(start));

program
  .command('check')
  .description('short forms of the benchmarks in one run; exit status 1 if a ratio misses its mark')
  .option('--shared', 'within a minute, and with room for other programs on this machine')
  .option('--json', 'print the figures as JSON')
  .action(async (given: CheckArguments) => finish(await check(given), { ...given, check: true }));

program
  .command('chart')
  .description('an SVG image of acknowledgement and rate over load')
  .argument('<results...>', 'files with results of "ingest --rate <n> --json", one a line')
  .option('--out <file>', 'write the image to this file; printed if not given')
  .action((files: string[], given: ChartArguments) => chart(files, given));

common(program.command('all').description('all benchmarks, with their defaults')).action(
  async (given: CommonArguments & { timeout: number }) => {
    const events = { ...given, events: 200_000, batch: EVENTS_PER_BATCH, connections: 8 };
    const run = async (measured: Promise<Measured>) => finish(await measured, given);
    await run(ingest(events));
    await run(ingest({ ...events, rate: 20_000 }));
    for (const members of [100_000, 1_000_000])
      for (const source of ['webhook', 'query'] as const) await run(cohorts({ ...given, members, source }));
    await run(compareSnapshots({ ...given, members: 10_000_000 }));
    await run(mapping({ ...given, events: 4_000, rounds: 75 }));
    await run(start({ ...given, rounds: 5, idle: 15 }));
    await run(simulators({ ...given, events: 1_000_000, members: 1_000_000, connections: 4 }));
  },
);

try {
  await program.parseAsync(argumentsOf(process.argv));
} catch (error) {
  console.error(`The benchmark ended early: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** The action of a command: measures, prints, and with `--check` sets the exit code. */
function finished<Given extends CommonArguments>(measure: (given: Given) => Promise<Measured>) {
  return async (given: Given): Promise<void> => finish(await measure(given), given);
}

/** Without a command: `all`, and with `--check` alone or before other options: `check`. */
function argumentsOf([node = '', main = '', ...given]: string[]): string[] {
  const [first = 'all', ...rest] = given;
  return [node, main, first === '--check' ? 'check' : first, ...rest];
}

function batchSize(text: string): number {
  const size = Number(text);
  if (size === 1 || size === 10 || size === 100) return size;
  throw new InvalidArgumentError('expected 1, 10 or 100');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0');
}
