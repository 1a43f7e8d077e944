import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { auditCommand } from './cli/audit.ts';
import { backfillCommand } from './cli/backfill.ts';
import { batchesCommand } from './cli/batches.ts';
import { catalogueCommand } from './cli/catalogue.ts';
import { cohortsCommand } from './cli/cohorts.ts';
import { compareCommand } from './cli/compare.ts';
import { configCommand } from './cli/config-command.ts';
import type { SettingOptions } from './cli/configured.ts';
import { costCommand } from './cli/cost.ts';
import { cutOverCommand } from './cli/cut-over.ts';
import { deadLettersCommand } from './cli/dead-letters.ts';
import { doctorCommand } from './cli/doctor.ts';
import { forgetCommand } from './cli/forget.ts';
import { formatError } from './cli/format-error.ts';
import { hideWarnings } from './cli/hide-warnings.ts';
import { lexiconCommand } from './cli/lexicon.ts';
import { migrateCommand } from './cli/migrate.ts';
import { reconcileCommand } from './cli/reconcile.ts';
import { serve } from './cli/serve.ts';
import { visible } from './cli/terminal.ts';
import { traceCommand } from './cli/trace.ts';
import { explainUsage } from './cli/usage-errors.ts';
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
  // Without this, commander reports an unknown command as an excess argument of the one that serves.
  .allowExcessArguments()
  .action((options: SettingOptions, command: Command) => {
    const [name] = command.args;
    if (name === undefined) return serve(options);
    const near = didYouMean(
      name,
      command.commands.map(each => each.name()),
    );
    command.error(`There is no command ${JSON.stringify(visible(name))}.${near} Run --help for a list.`);
  });
program.addCommand(configCommand());
program.addCommand(deadLettersCommand());
program.addCommand(batchesCommand());
program.addCommand(backfillCommand());
program.addCommand(cohortsCommand());
program.addCommand(migrateCommand());
program.addCommand(auditCommand());
program.addCommand(forgetCommand());
program.addCommand(traceCommand());
program.addCommand(doctorCommand());
program.addCommand(compareCommand());
program.addCommand(costCommand());
program.addCommand(reconcileCommand());
program.addCommand(cutOverCommand());
program.addCommand(lexiconCommand());
program.addCommand(catalogueCommand());
explainUsage(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(formatError(error));
  process.exitCode = 1;
}
