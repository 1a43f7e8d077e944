import Table from 'cli-table3';
import pc from 'picocolors';
import { type Stack, sandboxKeys } from '../wiring.ts';
import { notesOf, sentToService } from './notes.ts';
import type { CohortFacts, Summary } from './read-summary.ts';
import { keptEvents } from './traffic.ts';

const number = (value: number) => value.toLocaleString('en-US');
/** Columns two spaces apart, without lines. */
const plain = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  chars: Object.fromEntries(
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
      .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
      .map(name => [name, '']),
  ),
};
/** Rows of a small terminal, less the one of the cursor. */
const mostLines = 23;
const mostReasons = 2;

export interface LiveSummary extends Summary {
  /** Number of events that mock Mixpanel no longer keeps. */
  readonly dropped: number;
  /** Why the last round of the traffic failed. */
  readonly trafficProblem: string | null;
}

/** Reasons in words; any other is shown as it is. */
const reasons: Readonly<Record<string, string>> = {
  no_external_user_id: 'no external id',
  no_mixpanel_event: 'no Mixpanel event',
};

/**
 * The live summary as text: addresses of the console and of the servers, counts of events, members of cohorts,
 * and why counts differ. It fits a terminal of 24 rows and 80 columns, up to a million events.
 */
export function renderSummary(stack: Stack, console: string, summary: LiveSummary): string {
  const above = [
    `Open this in a browser: ${pc.bold(`${console}/`)}`,
    `Braze ⇄ Mixpanel, both simulated. Ctrl-C stops it; no data is kept.`,
    '',
    ...eventsTable(stack, summary),
    '',
    ...cohortsTable(summary),
    '',
  ];
  const below = [
    `Token of the API of the service: ${sandboxKeys.adminToken}`,
    'Try this: move the clock by two hours, and Braze gets the members of Mixpanel.',
    `  curl -d '{"advance":"2h"}' ${stack.mixpanel}/_sim/clock`,
  ];
  const notes = notesOf(summary, summary.trafficProblem, mostLines - above.length - below.length);
  return [...above, ...notes.map(pc.yellow), ...below].join('\n');
}

function eventsTable(stack: Stack, summary: LiveSummary): string[] {
  const { currents, accepted, imported, deadLettered, pending } = summary;
  const senders = currents.filter(({ to, sent }) => to === 'service' && sent > 0).length;
  const table = new Table(plain);
  table.push(
    [
      pc.bold('Braze'),
      stack.braze,
      `${number(sentToService(currents))} events sent${senders > 1 ? ` by ${senders} Currents` : ''}`,
    ],
    [
      pc.bold('service'),
      stack.service,
      [
        `${number(accepted)} accepted = ${number(imported)} imported`,
        ...skippedLines(summary.skipped),
        `+ ${number(deadLettered)} dead letters + ${number(pending)} waiting`,
      ].join('\n'),
    ],
    [pc.bold('Mixpanel'), stack.mixpanel, storedEvents(summary)],
  );
  return linesOf(table);
}

function skippedLines(skipped: Summary['skipped']): string[] {
  const all = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  const shown = all.length > mostReasons ? all.slice(0, mostReasons - 1) : all;
  const others = all.slice(shown.length).reduce((total, [, count]) => total + count, 0);
  return [
    ...shown.map(([reason, count]) => `+ ${number(count)} skipped (${reasons[reason] ?? reason})`),
    ...(others > 0 ? [`+ ${number(others)} skipped (other reasons)`] : []),
  ];
}

const storedEvents = ({ unique, raw, dropped }: LiveSummary) =>
  [
    `${number(unique)} unique events${raw > unique ? ` + ${number(raw - unique)} duplicates` : ' stored'}`,
    ...(dropped === 0 ? [] : [`+ ${number(dropped)} dropped: newest ${number(keptEvents)} kept`]),
  ].join('\n');

function cohortsTable({ cohorts }: Summary): string[] {
  const table = new Table({
    ...plain,
    head: ['cohort', 'sync', 'Mixpanel', 'Braze', 'segment', 'next sync (+joined −left)'].map(pc.bold),
  });
  for (const each of cohorts) {
    const { id, source, sink, mixpanelMembers, brazeMembers, segmentMembers } = each;
    const members = [mixpanelMembers, brazeMembers, segmentMembers].map(number);
    table.push([id, `${source} → ${sink}`, ...members, `${nextSync(each)}${changes(each)}`]);
  }
  return linesOf(table);
}

const linesOf = (table: { toString(): string }) =>
  table
    .toString()
    .split('\n')
    .map(line => line.trimEnd());

const hoursAndMinutes = new Intl.DurationFormat('en', { style: 'narrow' });

/** When Braze gets what has changed in Mixpanel since the last sync. */
function nextSync({ state, nextSyncIn }: Pick<CohortFacts, 'state' | 'nextSyncIn'>): string {
  if (state === 'done') return 'none: one-time';
  if (state === 'paused') return 'paused';
  if (state === 'running') return 'running now';
  if (state === 'held') return 'safety stop';
  if (nextSyncIn === null) return 'not planned';
  const minutes = Math.ceil(nextSyncIn / 60_000);
  const wait = hoursAndMinutes.format({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return `${state === 'retrying' ? 'retry in' : 'in'} ${wait || '1m'}`;
}

/** The users whose membership in Mixpanel is not that in Braze. */
function changes({ joined, left }: Pick<CohortFacts, 'joined' | 'left'>): string {
  const parts = [...(joined > 0 ? [`+${number(joined)}`] : []), ...(left > 0 ? [`−${number(left)}`] : [])];
  return parts.length > 0 ? ` (${parts.join(' ')})` : '';
}
