import { Command, InvalidArgumentError, Option } from 'commander';
import { crash } from './crash/crash-command.ts';

const program = new Command('proof').description(
  'Crashes, malformed input and outages at length. The short forms of these are among the tests.',
);

program
  .command('crash')
  .description('kills the service at random, under load, with Mixpanel in trouble')
  .option('--kills <n>', 'how often', whole, 100)
  .addOption(
    new Option('--storage <storage>', 'what it stores in').choices(['sqlite', 'postgres']).default('sqlite'),
  )
  .option('--seed <n>', 'of a run that is to be repeated', whole)
  .action(crash);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0');
}
