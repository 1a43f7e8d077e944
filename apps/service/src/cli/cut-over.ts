import type { Command } from 'commander';
import { compareEndpoints } from '../http/compare-routes.ts';
import type { CutOver } from '../reconcile/cut-over.ts';
import { adminCommand, asks } from './admin-command.ts';
import { whole } from './terminal.ts';

/**
 * `cut-over`: skips held events that another sender already brought to Mixpanel. `handover` is its former
 * name.
 */
export function cutOverCommand(): Command {
  const command = adminCommand(
    'cut-over',
    'skip held events (DELIVERY_MODE=hold) that Mixpanel has from another sender',
  )
    .alias('handover')
    .option('--connection <name>', 'connection to cut over', 'default')
    .option('--confirm', 'skip them; without this option the command prints the counts only');
  return asks(
    command,
    async (service, { connection, confirm = false }: { connection: string; confirm?: boolean }) => {
      if (command.parent?.args[0] === 'handover')
        console.error('"handover" is deprecated and will be removed: use "cut-over".');
      const done = await service.call(compareEndpoints.cutOver, { body: { connection, confirm } });
      if (done.left > 0) process.exitCode = 1;
      return done;
    },
    report,
  );
}

function report({ connection, dryRun, waiting, alreadyThere, left }: CutOver): string {
  const skipped = dryRun ? 'would be skipped' : 'were skipped';
  const again =
    left > 0 ? ` ${whole(left)} more are in batches that changed meanwhile: run the command again.` : '';
  const next = dryRun
    ? ' Nothing was changed. Add --confirm to apply.'
    : ' Set DELIVERY_MODE=live to send the rest.';
  return `${connection}: of ${whole(waiting)} held events, Mixpanel already has ${whole(alreadyThere)}; they ${skipped}.${again}${next}`;
}
