import { Command, InvalidArgumentError, Option } from 'commander';
import { backfillReport, meetsBackfillMarks } from './backfill/backfill-report.ts';
import { measureBackfill } from './backfill/measure-backfill.ts';
import {
  cohortReport,
  differenceReport,
  meetsCohortMarks,
  meetsDifferenceMark,
} from './cohorts/cohort-report.ts';
import { measureCohorts, type Source } from './cohorts/measure-cohorts.ts';
import { measureDifference } from './cohorts/measure-difference.ts';
import { ingest } from './ingest/ingest-command.ts';
import { mapping } from './mapping/mapping-command.ts';
import { measureReplicas } from './replicas/measure-replicas.ts';
import { replicasReport } from './replicas/replicas-report.ts';
import { EVENTS_PER_BATCH } from './samples.ts';
import { measureSimulators } from './simulators/measure-simulators.ts';
import { meetsSimulatorMarks, simulatorsReport } from './simulators/simulators-report.ts';
import { measureStorage } from './storage/measure-storage.ts';
import { storageReport } from './storage/storage-report.ts';

interface CommonOptions {
  json?: true;
  check?: true;
}

interface CohortArguments extends CommonOptions {
  members: number;
  source: Source;
  timeout: number;
}

interface StorageArguments extends CommonOptions {
  events: number;
  writers: number;
  deliverers: number;
  postgres?: string;
}

interface ReplicasArguments extends CommonOptions {
  events: number;
  replicas: number;
  latency?: number;
  timeout: number;
}

interface DifferenceArguments extends CommonOptions {
  members: number;
  timeout: number;
}

interface BackfillArguments extends CommonOptions {
  events: number;
  liveEvents: number;
  besideRate: number;
  peer?: string;
  timeout: number;
  cpuProf?: string;
}

interface SimulatorArguments extends CommonOptions {
  events: number;
  members: number;
  connections: number;
  timeout: number;
  cpuProf?: string;
}

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
    .option('--postgres', 'store in a PostgreSQL server, which is started on this machine')
    .option('--latency <ms>', "latency of Mixpanel's answers", positive)
    .option('--concurrency <n>', 'DELIVERY_CONCURRENCY of the service; its default if not given', positive)
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(ingest);

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
).action(cohorts);

common(
  program
    .command('difference')
    .description('the comparison of two stored snapshots, in isolation')
    .option('--members <n>', 'members of each', positive, 10_000_000),
).action(compareSnapshots);

common(
  program
    .command('backfill')
    .description('exported Avro files → the real service process → a minimal sink')
    .option('--events <n>', 'events, a multiple of one file of each type', positive, 5_000_000)
    .option('--live-events <n>', 'events of the live load beside it', positive, 500_000)
    .option('--beside-rate <n>', 'live events per second offered beside a back-fill', positive, 5_000)
    .option('--peer <folder>', 'measure mixpanel-import too, which is installed in this folder')
    .option('--cpu-prof <folder>', 'write a CPU profile of each thread of the service'),
).action(backfill);

common(
  program
    .command('mapping')
    .description('the mapping under both catalogue versions, beside JSON parse and stringify')
    .option('--events <n>', 'events of each round', positive, 4_000)
    .option('--rounds <n>', 'rounds, in alternating order', positive, 75)
    .option('--against <ref>', 'measure the mapper of another commit, tag or branch instead, in turns'),
).action(mapping);

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
).action(simulators);

common(
  program
    .command('storage')
    .description('batches appended, then leased and completed: SQLite, then PostgreSQL, in isolation')
    .option('--events <n>', 'events, in batches of 100', positive, 200_000)
    .option('--writers <n>', 'concurrent appends', positive, 32)
    .option('--deliverers <n>', 'concurrent leases, each of up to 2,000 events', positive, 8)
    .option('--postgres <url>', 'a PostgreSQL to measure; by default one is started, if installed'),
).action(storage);

common(
  program
    .command('replicas')
    .description('a backlog in one PostgreSQL, drained by one, two, three real services')
    .option('--events <n>', 'events of the backlog, in batches of 100', positive, 400_000)
    .option('--replicas <n>', 'maximum number of services', positive, 3)
    .option('--latency <ms>', "latency of Mixpanel's answers", positive),
).action(replicas);

common(program.command('all').description('all benchmarks, with their defaults')).action(
  async (options: CommonOptions & { timeout: number }) => {
    const defaults = { ...options, events: 200_000, batch: EVENTS_PER_BATCH, connections: 8 };
    await ingest(defaults);
    await ingest({ ...defaults, rate: 20_000 });
    for (const members of [100_000, 1_000_000])
      for (const source of ['webhook', 'query'] as const) await cohorts({ ...options, members, source });
    await compareSnapshots({ ...options, members: 10_000_000 });
    await mapping({ ...options, events: 4_000, rounds: 75 });
    await simulators({ ...options, events: 1_000_000, members: 1_000_000, connections: 4 });
  },
);

try {
  await program.parseAsync(process.argv.length > 2 ? undefined : [...process.argv, 'all']);
} catch (error) {
  console.error(`The benchmark ended early: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function storage({ json, ...options }: StorageArguments): Promise<void> {
  const measured = await measureStorage(options);
  console.log(json ? JSON.stringify(measured) : measured.map(storageReport).join('\n\n'));
}

async function replicas({
  replicas: most,
  latency = 0,
  timeout,
  json,
  ...options
}: ReplicasArguments): Promise<void> {
  const figures = await measureReplicas({ ...options, most, latencyMs: latency, timeoutMs: timeout * 1_000 });
  console.log(json ? JSON.stringify({ bench: 'replicas', figures }) : `${replicasReport(figures)}\n`);
}

async function cohorts({ members, source, timeout, json, check }: CohortArguments): Promise<void> {
  const figures = await measureCohorts({ members, source, timeoutMs: timeout * 1_000 });
  console.log(json ? JSON.stringify({ bench: 'cohorts', ...figures }) : `${cohortReport(figures)}\n`);
  if (check && !meetsCohortMarks(figures)) process.exitCode = 1;
}

async function compareSnapshots({ members, timeout, json, check }: DifferenceArguments): Promise<void> {
  const figures = await measureDifference(members, timeout * 1_000);
  console.log(json ? JSON.stringify({ bench: 'difference', ...figures }) : `${differenceReport(figures)}\n`);
  if (check && !meetsDifferenceMark(figures)) process.exitCode = 1;
}

async function backfill({
  events,
  liveEvents,
  besideRate,
  peer,
  timeout,
  cpuProf,
  json,
  check,
}: BackfillArguments): Promise<void> {
  const figures = await measureBackfill({
    ...{
      events,
      liveEvents,
      besideRate,
      peerFolder: peer,
      timeoutMs: timeout * 1_000,
      profileFolder: cpuProf,
    },
  });
  console.log(json ? JSON.stringify({ bench: 'backfill', ...figures }) : `${backfillReport(figures)}\n`);
  if (check && !meetsBackfillMarks(figures)) process.exitCode = 1;
}

async function simulators({ timeout, cpuProf, json, check, ...options }: SimulatorArguments): Promise<void> {
  const figures = await measureSimulators({
    ...options,
    timeoutMs: timeout * 1_000,
    profileFolder: cpuProf,
  });
  console.log(json ? JSON.stringify({ bench: 'simulators', ...figures }) : `${simulatorsReport(figures)}\n`);
  if (check && !meetsSimulatorMarks(figures)) process.exitCode = 1;
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
