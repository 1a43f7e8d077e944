import type { Command } from 'commander';
import type { Handover } from '../reconcile/cut-over.ts';
import { type AdminOptions, adminCommand, configuredClient } from './admin-client.ts';

/** `handover`: what another sender brought to Mixpanel is not sent again. */
export function handoverCommand(): Command {
  return adminCommand('handover')
    .description('takes out of a held backlog (DELIVERY_MODE=hold) what Mixpanel has from another sender')
    .option('--connection <name>', 'of which connection', 'default')
    .option('--confirm', 'do it; without it only what would be done is printed')
    .action(async (options: AdminOptions & { connection: string; confirm?: true }) => {
      const { connection, confirm = false, json } = options;
      const done = await configuredClient(options).post<Handover>('/api/cut-over', { connection, confirm });
      console.log(json ? JSON.stringify(done) : report(done));
      if (done.left > 0) process.exitCode = 1;
    });
}

function report({ connection, dryRun, waiting, alreadyThere, left }: Handover): string {
  const deed = dryRun ? 'would be skipped' : 'were skipped';
  const again = left > 0 ? ` ${left} more belong to batches that changed meanwhile: run it again.` : '';
  const next = dryRun ? ' Nothing was changed: add --confirm.' : ' Set DELIVERY_MODE=live to send the rest.';
  return `${connection}: of ${waiting} events that wait, Mixpanel has ${alreadyThere} already; they ${deed}.${again}${next}`;
}
