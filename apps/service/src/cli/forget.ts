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
          'This permanently removes the user. First delete the user in Braze and check the stored data with trace, then add --confirm.',
        );
      const answer = await configuredClient(options).post<Forgotten & { outOfReach: typeof outOfReach }>(
        '/api/forget',
        { externalId, confirm: true },
      );
      console.log(options.json ? JSON.stringify(answer) : report(answer));
      if (!answer.complete) process.exitCode = 1;
    });
}

function report({
  outOfReach: elsewhere,
  ...forgotten
}: Forgotten & { outOfReach: typeof outOfReach }): string {
  const { cohorts, complete, digest } = forgotten;
  return [
    table(
      ['removed', 'count'],
      [
        ['pending events', forgotten.pending],
        ['delivered events', forgotten.delivered],
        ['dead letters', forgotten.deadLetters],
        ['members in cohort snapshots', cohorts.members],
        ['cohort pages', cohorts.pages],
        ['cohort history entries', cohorts.historyEntries],
      ],
    ),
    `\nThe audit log keeps the digest ${digest}.`,
    ...(complete ? [] : ['\nIncomplete. Run the command again later. Remaining:', ...leftOf(forgotten)]),
    '\nNot removed by this service:',
    ...elsewhere.map(({ where, next }) => `- ${where}: ${next}`),
  ].join('\n');
}

/** What a first call could not remove, one line each. */
export function leftOf({
  stillBeingDelivered,
  cohorts: { later },
  failed,
  stillOnDisk,
}: Pick<Forgotten, 'stillBeingDelivered' | 'failed' | 'stillOnDisk'> & {
  cohorts: Pick<Forgotten['cohorts'], 'later'>;
}): string[] {
  return [
    ...(stillBeingDelivered === 0 ? [] : [`- batches being delivered: ${stillBeingDelivered}`]),
    ...(later.length === 0
      ? []
      : [`- cohort syncs that are running or could not be changed: ${later.map(visible).join(', ')}`]),
    ...failed.map(part => `- failed: ${visible(part)}; see the log`),
    ...(stillOnDisk === null ? [] : [`- copies on disk: ${visible(stillOnDisk)}`]),
  ];
}
