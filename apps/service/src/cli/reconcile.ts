import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type ReconciliationAnswer, reconcileEndpoints } from '../http/reconcile-routes.ts';
import { type Cause, causes } from '../reconcile/explain/causes.ts';
import type { Row } from '../reconcile/explain/explain-row.ts';
import type { Report } from '../reconcile/run/report.ts';
import { adminCommand, asks } from './admin-command.ts';
import { type DayOptions, withDays } from './day-options.ts';
import { type MessageKind, messageKinds, messagesText, notKnownText, number } from './reconcile-messages.ts';
import { counted, paragraph, records, whole } from './terminal.ts';

interface ReconcileOptions extends DayOptions {
  readonly all?: true;
  readonly check?: true;
  readonly by?: MessageKind;
}

const pollMs = 500;

/** `reconcile`: every count of every event and day, and why they differ. */
export function reconcileCommand(): Command {
  const command = withDays(
    adminCommand(
      'reconcile',
      'explain why the counts of Braze, the service and Mixpanel differ, per event and day',
    ),
    { first: 9, last: 3 },
  )
    .addOption(
      new Option('--by <kind>', 'print the counts by campaign, Canvas or send, over all days').choices(
        messageKinds,
      ),
    )
    .option('--all', 'print days without a difference too')
    .option('--check', 'exit with 1 if more is unexplained than RECONCILE_THRESHOLD allows, or not known');
  return asks(
    command,
    async (service, { connection, from, to, check }: ReconcileOptions) => {
      const { id } = await service.call(reconcileEndpoints.begin, { body: { connection, from, to } });
      for (let shown = ''; ; ) {
        const answer = await service.call(reconcileEndpoints.get, { id: String(id) });
        if (answer.state === 'running') {
          const { progress } = answer;
          if (process.stderr.isTTY && progress && progress !== shown) console.error(paragraph(progress));
          shown = progress ?? shown;
          await pause(pollMs);
          continue;
        }
        const { report } = answer;
        if (report === null || (check && report.findings.length + report.notKnown.length > 0))
          process.exitCode = 1;
        return answer;
      }
    },
    ({ report, problem }: ReconciliationAnswer, { all, by }) => {
      if (report === null) return paragraph(problem ?? 'There is no report.');
      return by === undefined ? textOf(report, all === true) : messagesText(report, by, all === true);
    },
  );
}

function textOf(
  { connection, from, to, events, unexplained, findings, openDays, notKnown, rows, threshold }: Report,
  all: boolean,
) {
  const differing = rows.filter(({ steps }) => steps.some(({ difference }) => difference !== 0));
  const listed = (all ? rows : differing).map(row => [
    ...[row.day.slice(5), row.event],
    ...[number(row.columns.braze), number(row.columns.accepted), number(row.columns.imported)],
    ...[number(row.columns.mixpanelRaw), number(row.columns.mixpanelUnique)],
    row.unexplained === 0 ? '' : whole(row.unexplained),
  ]);
  const columns = ['day', 'event', 'Braze', 'here', 'sent', 'raw', 'unique', 'unexpl.'];
  const found = totalsOf(rows);
  return [
    ...(listed.length === 0 ? [] : [records(columns, listed), '']),
    ...found.map(([title, count]) => `${title}: ${count > 0 ? '+' : ''}${whole(count)}`),
    ...(found.length === 0 ? [] : ['']),
    ...[...new Set(rows.flatMap(causesOf))].map(cause => paragraph(`${cause}: ${adviceOf(cause)}`)),
    ...openDays.map(day => paragraph(`${day} has not ended: its counts still move, and are no finding.`)),
    ...notKnown.map(why => paragraph(notKnownText(why))),
    paragraph(
      `${connection}, ${from} to ${to}: ${counted(events, 'event', 'events')} came. Unexplained: ${whole(unexplained)}, ` +
        `and ${counted(findings.length, 'count', 'counts')} above the threshold of ${threshold} %.` +
        (notKnown.length === 0 ? '' : ' Some counts are not known, so more may be unexplained.'),
    ),
  ].join('\n');
}

const causesOf = ({ steps }: Row): Cause[] => steps.flatMap(step => step.causes.map(({ cause }) => cause));

function adviceOf(cause: Cause): string {
  const { meaning, advice = '' }: { meaning: string; advice?: string } = causes[cause];
  return `${meaning} ${advice}`.trim();
}

/** Events by cause, or by cause and reason, over all rows. */
function totalsOf(rows: readonly Row[]): [string, number][] {
  const totals = new Map<string, number>();
  for (const { steps } of rows)
    for (const { cause, reason, events } of steps.flatMap(step => step.causes)) {
      const title = reason === undefined ? cause : `${cause} (${reason})`;
      totals.set(title, (totals.get(title) ?? 0) + events);
    }
  return [...totals];
}
