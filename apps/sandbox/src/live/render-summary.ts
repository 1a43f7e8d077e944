import Table from 'cli-table3';
import pc from 'picocolors';
import type { Stack } from '../stack.ts';
import type { Summary } from './read-summary.ts';

/** The one screen: where everything is, and how far the events have come. */
export function renderSummary(stack: Stack, summary: Summary): string {
  const table = new Table({ style: { head: [], border: [] } });
  const number = (value: number) => value.toLocaleString('en-US');
  table.push(
    [pc.bold('mock Braze'), stack.braze, `${number(summary.emitted)} events sent`],
    [
      pc.bold('service'),
      stack.service,
      [
        `${number(summary.accepted)} accepted`,
        `${number(summary.imported)} imported`,
        `${number(summary.skipped)} skipped: no external id`,
        `${number(summary.deadLettered)} dead letters`,
        `${number(summary.pending)} pending`,
      ].join('\n'),
    ],
    [pc.bold('mock Mixpanel'), stack.mixpanel, `${number(summary.stored)} different events stored`],
  );
  return [
    `${pc.bold('Braze ⇄ Mixpanel sandbox')}   Ctrl-C ends it, nothing is kept`,
    table.toString(),
    `Look:  ${stack.service}/status`,
    `       ${stack.mixpanel}/_sim/events?fields=event`,
    `       ${stack.braze}/_sim/currents`,
  ].join('\n');
}
