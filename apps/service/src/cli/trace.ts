import type { Command } from 'commander';
import { privacyEndpoints } from '../http/privacy-routes.ts';
import type { Trace } from '../privacy/trace.ts';
import { adminCommand, asks } from './admin-command.ts';
import { cut, table } from './terminal.ts';

/** `trace <external id>`. */
export function traceCommand(): Command {
  const command = adminCommand('trace', "trace one user's events and cohort memberships").argument(
    '<external id>',
    'external ID of the user in Braze, which is the distinct ID in Mixpanel',
  );
  return asks(
    command,
    (service, _options, externalId: string) => service.call(privacyEndpoints.trace, { body: { externalId } }),
    report,
  );
}

type Row = (string | null)[];

function report({ connections, cohorts, unindexed, complete }: Trace): string {
  const rows = Object.entries(connections).flatMap(
    ([connection, { pending, deadLetters, delivered }]): Row[] => [
      ...pending.map(({ id, eventType, time, batch, attempts, nextAttempt, beingDelivered }) => {
        const tried =
          attempts === 0 ? 'not attempted yet' : `attempts: ${attempts}, next ${nextAttempt ?? 'now'}`;
        const where = beingDelivered ? 'being delivered' : tried;
        return [time, connection, eventType, id, 'pending', `batch ${batch}, ${where}`];
      }),
      ...deadLetters.map(({ id, eventType, time, deadLetter, reason, detail }) => [
        ...[time, connection, eventType, id, 'dead letter'],
        `${deadLetter}, ${reason}: ${detail}`,
      ]),
      ...(delivered ?? []).map(({ id, eventType, time, outcome, deliveredAt }) => [
        ...[time, connection, eventType, id, outcome, `at ${deliveredAt}`],
      ]),
    ],
  );
  const untraced = Object.values(connections).some(({ delivered }) => delivered === null);
  return [
    rows.length === 0
      ? 'No stored events of this user.'
      : table(
          ['time', 'connection', 'event type', 'id', 'state', ''],
          rows.map(row => row.map(cell => cut(cell ?? ''))),
        ),
    ...(untraced ? ['\nDelivered events are not stored. Set DELIVERED_RETENTION to trace them.'] : []),
    ...(unindexed > 0 ? [`\nBatches without index that were read one by one: ${unindexed}.`] : []),
    cohorts.length === 0
      ? '\nThis user is in no cohort sync.'
      : `\n${table(
          ['cohort', 'name', 'as', 'in Mixpanel', 'in Braze', 'why'],
          cohorts.map(({ cohort, name, as, inMixpanel, inBraze, why }) => [
            ...[cohort, cut(name), cut(as), inMixpanel ? 'yes' : 'no', inBraze ? 'yes' : 'no', cut(why)],
          ]),
        )}`,
    ...(complete ? [] : ['\nA list has 200 events at most, of delivered ones the oldest; there are more.']),
  ].join('\n');
}
