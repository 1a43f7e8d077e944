import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import type { SettingOptions } from './cli/configured.ts';
import { formatError } from './cli/format-error.ts';
import { hideWarnings } from './cli/hide-warnings.ts';
import { fitted, visible } from './cli/terminal.ts';
import { explainUsage, refuseEmpty } from './cli/usage-errors.ts';
import { didYouMean } from './config/near-miss.ts';

// Almost everything that a batch allocates is garbage within milliseconds. By default V8 reserves 128 MB for
// it, which costs memory and saves no time here; with this flag the young generation keeps its first size.
setFlagsFromString('--semi-space-growth-factor=1');
// Long-lived objects are few and bounded, so the old generation need not double before it is collected: this
// saves 70 MB for a cohort of a million members and for a full load of events, at a difference in speed below
// the machine's noise.
setFlagsFromString('--heap-growing-percent=40');

// Google's client warns on every machine outside Google's cloud that it is not inside it.
hideWarnings('MetadataLookupWarning');

const program = new Command('service')
  .description('Delivers Braze Currents to Mixpanel and syncs Mixpanel cohorts to Braze.')
  .option('--port <port>', 'port to listen on, 0 for any free one (PORT)')
  .option('--host <host>', 'address to listen on (HOST)')
  // A program with an action has no help command otherwise.
  .helpCommand('help [command]', 'show the help of a command')
  // Without this, commander reports an unknown command as an excess argument of the one that serves.
  .allowExcessArguments()
  .action(async (options: SettingOptions, command: Command) => {
    const [name] = command.args;
    if (name === undefined) return (await import('./cli/serve.ts')).serve(options);
    const near = didYouMean(
      name,
      command.commands.map(each => each.name()),
    );
    command.error(`There is no command ${JSON.stringify(visible(name))}.${near} Run --help for a list.`);
  });
explainUsage(program);
program.hook('preAction', (_program, command) => refuseEmpty(command));

try {
  const { operands, unknown } = program.parseOptions(process.argv.slice(2));
  // Only a command and `--help` need the other commands, which load much of the service.
  if (operands.length > 0 || unknown.length > 0) {
    const { loadCommands } = await import('./cli/commands.ts');
    for (const command of await loadCommands(operands[0])) program.addCommand(command);
    explainUsage(program);
  }
  await program.parseAsync();
} catch (error) {
  console.error(fitted(formatError(error), process.stderr));
  process.exitCode = 1;
}
