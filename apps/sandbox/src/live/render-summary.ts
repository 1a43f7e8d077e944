import Table from 'cli-table3';
import pc from 'picocolors';
import { type Stack, sandboxKeys } from '../wiring.ts';
import type { Summary } from './read-summary.ts';

const number = (value: number) => value.toLocaleString('en-US');
const compact = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export interface LiveSummary extends Summary {
  /** Number of events that mock Mixpanel no longer keeps. */
  readonly dropped: number;
}

/** Reasons in words; any other is shown as it is. */
const reasons: Readonly<Record<string, string>> = {
  no_external_user_id: 'no external id',
  no_mixpanel_event: 'no Mixpanel event',
};

/**
 * The live summary as text: address of the console, addresses of the servers, counts of events, members of cohorts. It fits a terminal of 24 rows
 * and 80 columns, up to a million events.
 */
export function renderSummary(stack: Stack, console: string, summary: LiveSummary): string {
  return [
    `Open this in a browser: ${pc.bold(`${console}/`)}`,
    `Braze ⇄ Mixpanel, both simulated. Ctrl-C stops it; no data is kept.`,
    eventsTable(stack, summary),
    cohortsTable(summary),
    `Token of the API of the service: ${sandboxKeys.adminToken}`,
    'Try this: move the clock by two hours, and Braze gets the members of Mixpanel.',
    `  curl -d '{"advance":"2h"}' ${stack.mixpanel}/_sim/clock`,
  ].join('\n');
}

function eventsTable(stack: Stack, summary: LiveSummary): string {
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
    [pc.bold('Mixpanel'), stack.mixpanel, storedEvents(summary)],
  );
  return table.toString();
}

const storedEvents = ({ stored, dropped }: LiveSummary) =>
  dropped === 0
    ? `${number(stored)} unique events stored`
    : `${number(stored)} stored, ${number(dropped)} older dropped`;

function cohortsTable({ cohorts }: Summary): string {
  const table = new Table({
    ...compact,
    head: ['cohort', 'sync', 'Mixpanel', 'Braze', 'segment', 'next sync'].map(pc.bold),
  });
  for (const { id, source, sink, mixpanelMembers, brazeMembers, segmentMembers, ...each } of cohorts) {
    const members = [mixpanelMembers, brazeMembers, segmentMembers].map(number);
    table.push([id, `${source} → ${sink}`, ...members, nextSync(each)]);
  }
  return table.toString();
}

const hoursAndMinutes = new Intl.DurationFormat('en', { style: 'short' });

/** When Braze gets what has changed in Mixpanel since the last sync. */
function nextSync({ mode, nextSyncIn }: Pick<Summary['cohorts'][number], 'mode' | 'nextSyncIn'>): string {
  if (mode === 'one-time') return 'none: one-time';
  if (nextSyncIn === null) return 'not planned';
  const minutes = Math.ceil(nextSyncIn / 60_000);
  return `in ${hoursAndMinutes.format({ hours: Math.floor(minutes / 60), minutes: minutes % 60 })}`;
}
