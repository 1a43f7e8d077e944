import Table from 'cli-table3';
import pc from 'picocolors';
import { type Stack, sandboxKeys } from '../wiring.ts';
import type { Summary } from './read-summary.ts';

const number = (value: number) => value.toLocaleString('en-US');
const plain = { style: { head: [], border: [] } };

/** The one screen: where everything is, how far the events have come, and where the cohorts stand. */
export function renderSummary(stack: Stack, summary: Summary): string {
  return [
    `${pc.bold('Braze ⇄ Mixpanel sandbox')}   Ctrl-C ends it, nothing is kept`,
    eventsTable(stack, summary),
    cohortsTable(summary),
    `Look:   ${stack.braze}/_sim/console/`,
    `        ${stack.mixpanel}/_sim/console/`,
    `        ${stack.service}/console/   (admin token: ${sandboxKeys.adminToken})`,
    'What became of each event and each cohort member, and why:',
    `        ${stack.braze}/_sim/oracle`,
    'Two hours later, at once (dynamic cohorts follow):',
    `        curl -d '{"advance":"2h"}' ${stack.mixpanel}/_sim/clock`,
  ].join('\n');
}

function eventsTable(stack: Stack, summary: Summary): string {
  const table = new Table(plain);
  table.push(
    [pc.bold('mock Braze'), stack.braze, `${number(summary.emitted)} events sent`],
    [
      pc.bold('service'),
      stack.service,
      [
        `${number(summary.accepted)} accepted = ${number(summary.imported)} imported`,
        `+ ${number(summary.skipped)} skipped (no external id)`,
        `+ ${number(summary.deadLettered)} dead letters + ${number(summary.pending)} pending`,
      ].join('\n'),
    ],
    [pc.bold('mock Mixpanel'), stack.mixpanel, `${number(summary.stored)} different events stored`],
  );
  return table.toString();
}

function cohortsTable({ cohorts }: Summary): string {
  const table = new Table({
    ...plain,
    head: ['cohort', 'sync', 'Mixpanel', 'Braze', 'segment'].map(pc.bold),
  });
  for (const { id, mode, source, sink, mixpanelMembers, brazeMembers, segmentMembers } of cohorts) {
    table.push([
      id,
      `${mode}, ${source} → ${sink}`,
      number(mixpanelMembers),
      number(brazeMembers),
      number(segmentMembers),
    ]);
  }
  return table.toString();
}
