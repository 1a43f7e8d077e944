import type { Command } from 'commander';
import type { Forgotten } from '../privacy/forget.ts';
import type { outOfReach } from '../privacy/out-of-reach.ts';
import { AdminError, type AdminOptions, adminCommand, configuredClient } from './admin-client.ts';
import { table, visible } from './terminal.ts';

/** `forget <external id> --confirm`. */
export function forgetCommand(): Command {
  return adminCommand('forget')
    .description('remove one user from everything that the service stores')
    .argument('<external id>', 'external ID of the user in Braze, which is the distinct ID in Mixpanel')
    .option('--confirm', 'remove it; this cannot be undone')
    .action(async (externalId: string, options: AdminOptions & { confirm?: boolean }) => {
      if (!options.confirm)
        throw new AdminError(
          'What is forgotten does not come back, so --confirm is needed; trace shows what there is. Delete the user in Braze first.',
        );
      const answer = await configuredClient(options).post<Forgotten & { outOfReach: typeof outOfReach }>(
        '/api/forget',
        { externalId, confirm: true },
      );
      console.log(options.json ? JSON.stringify(answer) : told(answer));
      if (!answer.complete) process.exitCode = 1;
    });
}

function told({
  outOfReach: elsewhere,
  ...forgotten
}: Forgotten & { outOfReach: typeof outOfReach }): string {
  const { cohorts, complete, digest } = forgotten;
  return [
    table(
      ['taken out of', 'count'],
      [
        ['events that waited for delivery', forgotten.pending],
        ['events kept after their delivery', forgotten.delivered],
        ['dead letters', forgotten.deadLetters],
        ['members in cohort snapshots', cohorts.members],
        ['pages of cohorts', cohorts.pages],
        ['entries of cohort histories', cohorts.historyEntries],
      ],
    ),
    `\nThe audit log keeps the digest ${digest}.`,
    ...(complete ? [] : ['\nNot complete. Run it again later. What is left:', ...leftOf(forgotten)]),
    '\nOut of reach from here:',
    ...elsewhere.map(({ where, next }) => `- ${where}: ${next}`),
  ].join('\n');
}

/** Only what there is. */
export function leftOf({
  stillBeingDelivered,
  cohorts: { later },
  failed,
  stillOnDisk,
}: Pick<Forgotten, 'stillBeingDelivered' | 'failed' | 'stillOnDisk'> & {
  cohorts: Pick<Forgotten['cohorts'], 'later'>;
}): string[] {
  return [
    ...(stillBeingDelivered === 0 ? [] : [`- batches that are being delivered: ${stillBeingDelivered}`]),
    ...(later.length === 0
      ? []
      : [`- cohort syncs that are running or could not be changed: ${later.map(visible).join(', ')}`]),
    ...failed.map(part => `- not done: ${visible(part)}; the log says why`),
    ...(stillOnDisk === null ? [] : [`- copies on the disk: ${visible(stillOnDisk)}`]),
  ];
}
