import type { Command } from 'commander';
import type { CutOver } from '../reconcile/cut-over.ts';
import { type AdminOptions, adminCommand, configuredClient } from './admin-client.ts';

/** `cut-over`: skips held events that another sender already brought to Mixpanel. `handover` is its former name. */
export function cutOverCommand(): Command {
  return adminCommand('cut-over')
    .alias('handover')
    .description('skip held events (DELIVERY_MODE=hold) that Mixpanel has from another sender')
    .option('--connection <name>', 'connection to cut over', 'default')
    .option('--confirm', 'skip them; without this option the command prints the counts only')
    .action(async (options: AdminOptions & { connection: string; confirm?: true }, command: Command) => {
      if (command.parent?.args[0] === 'handover')
        console.error('"handover" is deprecated and will be removed: use "cut-over".');
      const { connection, confirm = false, json } = options;
      const done = await configuredClient(options).post<CutOver>('/api/cut-over', { connection, confirm });
      console.log(json ? JSON.stringify(done) : report(done));
      if (done.left > 0) process.exitCode = 1;
    });
}

function report({ connection, dryRun, waiting, alreadyThere, left }: CutOver): string {
  const skipped = dryRun ? 'would be skipped' : 'were skipped';
  const again = left > 0 ? ` ${left} more are in batches that changed meanwhile: run the command again.` : '';
  const next = dryRun
    ? ' Nothing was changed. Add --confirm to apply.'
    : ' Set DELIVERY_MODE=live to send the rest.';
  return `${connection}: of ${waiting} held events, Mixpanel already has ${alreadyThere}; they ${skipped}.${again}${next}`;
}
