import type { Command } from 'commander';
import type { z } from 'zod';
import { privacyEndpoints } from '../http/privacy-routes.ts';
import type { Forgotten } from '../privacy/forget.ts';
import { adminCommand, asks } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { table, visible, whole } from './terminal.ts';

/** `forget <external id> --confirm`, `forget <external id> --lift`. */
export function forgetCommand(): Command {
  const command = adminCommand('forget', 'remove one user from everything that the service stores')
    .argument('<external id>', 'external ID of the user in Braze, which is the distinct ID in Mixpanel')
    .option('--confirm', 'remove it; this cannot be undone')
    .option('--lift', 'deliver later events of a forgotten user who comes back');
  return asks(
    command,
    async (service, { confirm, lift }: { confirm?: boolean; lift?: boolean }, externalId: string) => {
      if (lift) return service.call(privacyEndpoints.lift, { body: { externalId } });
      if (!confirm)
        throw new AdminError(
          'This permanently removes the user. First delete the user in Braze and check the stored data with trace, then add --confirm.',
        );
      const answer = await service.call(privacyEndpoints.forget, { body: { externalId, confirm } });
      if (!answer.complete) process.exitCode = 1;
      return answer;
    },
    answer => ('lifted' in answer ? liftReport(answer) : report(answer)),
  );
}

function report({
  outOfReach: elsewhere,
  ...forgotten
}: z.output<typeof privacyEndpoints.forget.answer>): string {
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
        ['entries in ledgers of cohorts', cohorts.ledgerEntries],
      ],
    ),
    `\nThe audit log keeps the digest ${digest}.`,
    ...(complete ? [] : ['\nIncomplete. Run the command again later. Remaining:', ...leftOf(forgotten)]),
    ...stillInMixpanel(cohorts.stillInMixpanel),
    '\nNot removed by this service:',
    ...elsewhere.map(({ where, next }) => `- ${where}: ${next}`),
  ].join('\n');
}

const liftReport = ({ lifted, digest }: z.output<typeof privacyEndpoints.lift.answer>): string =>
  lifted
    ? `Later events of this user are delivered again. The audit log has the digest ${digest}.`
    : 'This user has no tombstone: later events are delivered.';

/** The cohorts that bring the user back, one line each; only this call can name them. */
export function stillInMixpanel(cohorts: Forgotten['cohorts']['stillInMixpanel']): string[] {
  if (cohorts.length === 0) return [];
  return [
    '\nStill in these cohorts in Mixpanel, by their newest lists. Remove the user there, or the next list brings them back:',
    ...cohorts.map(
      ({ name, cohort, connection }) => `- ${visible(name)} (cohort ${cohort}, connection ${connection})`,
    ),
  ];
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
    ...(stillBeingDelivered === 0 ? [] : [`- batches being delivered: ${whole(stillBeingDelivered)}`]),
    ...(later.length === 0
      ? []
      : [`- cohort syncs that are running or could not be changed: ${later.map(visible).join(', ')}`]),
    ...failed.map(part => `- failed: ${visible(part)}; see the log`),
    ...(stillOnDisk === null ? [] : [`- copies on disk: ${visible(stillOnDisk)}`]),
  ];
}
