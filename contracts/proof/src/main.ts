import { Command, InvalidArgumentError, Option } from 'commander';
import { crash, killers, storms, threads } from './crash/crash-command.ts';
import { fuzz } from './fuzz/fuzz-command.ts';
import { sessions } from './sessions/sessions-command.ts';
import { soak } from './soak/soak-command.ts';

const program = new Command('proof').description(
  'Long runs of crash, malformed-input and outage tests. Their short forms are part of the test suite.',
);
const seed = ['--seed <n>', 'the seed of a run to repeat', whole] as const;

program
  .command('crash')
  .description('kills the service at random, under load, with Mixpanel in trouble')
  .option('--kills <n>', 'how often', whole, 100)
  .addOption(
    new Option('--storage <storage>', 'the storage engine').choices(['sqlite', 'postgres']).default('sqlite'),
  )
  .option(...seed)
  .action(crash);

program
  .command('killers')
  .description('batches of an earlier release that need too much memory, on a heap of 256 MB')
  .option('--events <n>', 'tiny events in the largest batch', whole, 1_000_000)
  .addOption(
    new Option('--storage <storage>', 'the storage engine').choices(['sqlite', 'postgres']).default('sqlite'),
  )
  .action(killers);

program
  .command('storms')
  .description('kills, disconnects and silences PostgreSQL under load, while the service keeps running')
  .option('--rounds <n>', 'how often', whole, 30)
  .option(...seed)
  .action(storms);

program
  .command('threads')
  .description('lets the storage thread exit or exhaust its heap under load, while the service keeps running')
  .option('--deaths <n>', 'how often', whole, 40)
  .option(...seed)
  .action(threads);

program
  .command('sessions')
  .description('pages of cohort sessions that never complete, on a heap of 256 MB')
  .option('--pages <n>', 'how many', whole, 1_500)
  .option(...seed)
  .action(sessions);

program
  .command('fuzz')
  .description('malformed Currents bodies, and malformed answers of both vendors')
  .option('--bodies <n>', 'how many; 0 for none', whole, 1_000_000)
  .option('--answers <n>', 'how many; 0 for none', whole, 100_000)
  .option(...seed)
  .action(fuzz);

program
  .command('soak')
  .description('an outage of Mixpanel under load, then its recovery')
  .option('--minutes <n>', 'length of the outage, in simulated time', whole, 60)
  .option('--rate <n>', 'events per second', whole, 2_000)
  .option('--drain <seconds>', 'time limit for the drain, in real time', whole, 90)
  .action(soak);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('expected a whole number');
}
