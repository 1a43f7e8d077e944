import { Command, InvalidArgumentError, Option } from 'commander';
import { crash, killers, storms } from './crash/crash-command.ts';
import { fuzz } from './fuzz/fuzz-command.ts';
import { sessions } from './sessions/sessions-command.ts';
import { soak } from './soak/soak-command.ts';

const program = new Command('proof').description(
  'Crashes, malformed input and an outage, at length. The short forms of these are among the tests.',
);
const seed = ['--seed <n>', 'of a run that is to be repeated', whole] as const;

program
  .command('crash')
  .description('kills the service at random, under load, with Mixpanel in trouble')
  .option('--kills <n>', 'how often', whole, 100)
  .addOption(
    new Option('--storage <storage>', 'what it stores in').choices(['sqlite', 'postgres']).default('sqlite'),
  )
  .option(...seed)
  .action(crash);

program
  .command('killers')
  .description('batches that an older release accepted and that cost too much memory, on a heap of 256 MB')
  .option('--events <n>', 'tiny events in the largest of them', whole, 1_000_000)
  .addOption(
    new Option('--storage <storage>', 'what it stores in').choices(['sqlite', 'postgres']).default('sqlite'),
  )
  .action(killers);

program
  .command('storms')
  .description('PostgreSQL is killed, cut off and falls silent under load, while the service stays up')
  .option('--rounds <n>', 'how often', whole, 30)
  .option(...seed)
  .action(storms);

program
  .command('sessions')
  .description('pages of cohort sessions that never end, on a heap of 256 MB')
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
  .description('Mixpanel is away while events go on coming, then comes back')
  .option('--minutes <n>', 'how long, in simulated time', whole, 60)
  .option('--rate <n>', 'events a second', whole, 2_000)
  .option('--drain <seconds>', 'how long to watch the drain, in real time', whole, 90)
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
