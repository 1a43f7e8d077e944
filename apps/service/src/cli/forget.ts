import type { Command } from 'commander';
import type { z } from 'zod';
import { privacyEndpoints } from '../http/privacy-routes.ts';
import type { Forgotten } from '../privacy/forget.ts';
import { adminCommand, asks } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { deletionLines, receiptText, removedTable } from './receipts.ts';
import { marked, paragraph, visible, whole } from './terminal.ts';

/** `forget <external id> --confirm`, with `--vendors`; `--lift`; `--receipt`. */
export function forgetCommand(): Command {
  const command = adminCommand('forget', 'remove one user from everything that the service stores')
    .argument('<external id>', 'external ID of the user in Braze, which is the distinct ID in Mixpanel')
    .option('--confirm', 'remove it; this cannot be undone')
    .option('--vendors', 'also request the deletion in Mixpanel, and follow it until it is done')
    .option('--receipt', 'show what was removed of the user, and how far Mixpanel is')
    .option('--lift', 'deliver later events of a forgotten user who comes back');
  return asks(
    command,
    async (service, { confirm, lift, vendors = false, receipt }: ForgetOptions, externalId: string) => {
      if ([confirm, lift, receipt].filter(Boolean).length > 1 || (vendors && !confirm && (lift || receipt)))
        throw new AdminError('Use one of --confirm, --lift and --receipt; --vendors goes with --confirm.');
      if (receipt) return service.call(privacyEndpoints.receipt, { body: { externalId } });
      if (lift) return service.call(privacyEndpoints.lift, { body: { externalId } });
      if (!confirm)
        throw new AdminError(
          'This permanently removes the user. First delete the user in Braze and check the stored data with trace, then add --confirm.',
        );
      const answer = await service.call(privacyEndpoints.forget, { body: { externalId, confirm, vendors } });
      if (!answer.complete || (vendors && !isAsked(answer.receipt))) process.exitCode = 1;
      return answer;
    },
    answer =>
      'lifted' in answer ? liftReport(answer) : 'entries' in answer ? receiptText(answer) : report(answer),
  );
}

interface ForgetOptions {
  readonly confirm?: boolean;
  readonly lift?: boolean;
  readonly vendors?: boolean;
  readonly receipt?: boolean;
}

type Answer = z.output<typeof privacyEndpoints.forget.answer>;

/** Whether each project of Mixpanel could be asked, and none has refused the request or failed. */
export const isAsked = (receipt: Answer['receipt']): boolean =>
  receipt !== null &&
  receipt.entries[0]?.notAsked.length === 0 &&
  receipt.mixpanel.every(({ state, problem }) => state !== 'failed' && problem === null);

function report({ outOfReach: elsewhere, receipt, ...forgotten }: Answer): string {
  const { cohorts, complete, digest } = forgotten;
  return [
    removedTable(forgotten),
    `\nThe audit log keeps the digest\n${digest}.`,
    ...(complete ? [] : ['\nIncomplete. Run the command again later. Remaining:', ...leftOf(forgotten)]),
    ...stillInMixpanel(cohorts.stillInMixpanel),
    ...vendorReport(receipt),
    '\nNot removed by this service:',
    ...elsewhere.map(({ where, next }) => marked('- ', `${where}: ${next}`)),
  ].join('\n');
}

/** What Mixpanel was asked for, and where that is shown later. */
function vendorReport(receipt: Answer['receipt']): string[] {
  if (receipt === null) return ['\nNo receipt was stored. Run the command again.'];
  const { number, entries, mixpanel } = receipt;
  const { vendors = false, notAsked = [] } = entries[0] ?? {};
  return [
    ...(vendors && (mixpanel.length > 0 || notAsked.length > 0) ? ['\nMixpanel:'] : []),
    ...(vendors ? mixpanel.flatMap(deletionLines) : []),
    ...notAsked.map(name =>
      marked(
        '- ',
        `${name}: not asked, as MIXPANEL_OAUTH_TOKEN with MIXPANEL_TOKEN is not set. What is stored here was removed all the same.`,
      ),
    ),
    `\nReceipt ${number}`,
    paragraph(`Show it again, without the ID: receipts ${number}`),
  ];
}

function liftReport({ lifted, digest, mixpanel }: z.output<typeof privacyEndpoints.lift.answer>): string {
  const goesOn = mixpanel.filter(({ state }) => state === 'followed' || state === 'asking');
  return [
    lifted
      ? `Later events of this user are delivered again. The audit log has the digest\n${digest}.`
      : 'This user has no tombstone: later events are delivered.',
    ...(goesOn.length === 0
      ? []
      : [
          paragraph('Mixpanel deletes what it has of the user until its task ends. Cancel the task there:'),
          ...goesOn.flatMap(deletionLines),
        ]),
  ].join('\n');
}

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
