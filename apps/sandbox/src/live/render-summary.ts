import Table from 'cli-table3';
import pc from 'picocolors';
import { type Stack, sandboxKeys } from '../wiring.ts';
import type { Summary } from './read-summary.ts';

const number = (value: number) => value.toLocaleString('en-US');
const compact = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/** Reasons in words; any other is shown as it is. */
const reasons: Readonly<Record<string, string>> = {
  no_external_user_id: 'no external id',
  no_mixpanel_event: 'no Mixpanel event',
};

/**
 * The live summary as text: address of the console, addresses of the servers, counts of events, members of cohorts. It fits a terminal of 24 rows
 * and 80 columns, up to a million events.
 */
export function renderSummary(stack: Stack, console: string, summary: Summary): string {
  return [
    `${pc.bold('Braze ⇄ Mixpanel sandbox, both simulated')}   Ctrl-C stops it; no data is kept`,
    `Open this in a browser: ${pc.bold(`${console}/`)}`,
    eventsTable(stack, summary),
    cohortsTable(summary),
    `Delivery report   ${console}/sandbox/delivery-report`,
    `Token of the API  ${sandboxKeys.adminToken}`,
    'Move the clock by two hours, so that dynamic cohorts follow:',
    `                  curl -d '{"advance":"2h"}' ${stack.mixpanel}/_sim/clock`,
  ].join('\n');
}

function eventsTable(stack: Stack, summary: Summary): string {
  const table = new Table(compact);
  table.push(
    [pc.bold('Braze'), stack.braze, `${number(summary.emitted)} events sent`],
    [
      pc.bold('service'),
      stack.service,
      [
        `${number(summary.accepted)} accepted = ${number(summary.imported)} imported`,
        ...Object.entries(summary.skipped).map(
          ([reason, count]) => `+ ${number(count)} skipped (${reasons[reason] ?? reason})`,
        ),
        `+ ${number(summary.deadLettered)} dead letters + ${number(summary.pending)} pending`,
      ].join('\n'),
    ],
    [pc.bold('Mixpanel'), stack.mixpanel, `${number(summary.stored)} unique events stored`],
  );
  return table.toString();
}

function cohortsTable({ cohorts }: Summary): string {
  const table = new Table({
    ...compact,
    head: ['cohort', 'sync', 'Mixpanel', 'Braze', 'segment'].map(pc.bold),
  });
  for (const { id, mode, source, sink, mixpanelMembers, brazeMembers, segmentMembers } of cohorts) {
    const sync = `${mode}, ${source} → ${sink}`;
    table.push([id, sync, ...[mixpanelMembers, brazeMembers, segmentMembers].map(number)]);
  }
  return table.toString();
}
