import {
  adviceOf,
  type Cause,
  meaningOf,
  steps as namesOfSteps,
  type StepName,
} from '../reconcile/explain/causes.ts';
import { eventsOf } from '../reconcile/explain/columns.ts';
import type { Row } from '../reconcile/explain/explain-row.ts';
import { endedRows, type Report } from '../reconcile/run/report.ts';
import { eventText } from './event-names.ts';
import { notKnownText, number } from './reconcile-messages.ts';
import { counted, marked, paragraph, titledTable, whole } from './terminal.ts';

/**
 * A report as text: the rows that differ, or `all`, and below them the causes, what is not known, the sums, and last
 * the findings.
 *
 * @param width of the terminal; by default that of this one, and none where output is no terminal
 */
export function reconcileText(report: Report, all: boolean, width?: number): string {
  const { connection, from, to, events, unexplained, findings, openDays, notKnown, rows, threshold } = report;
  const differing = rows.filter(({ steps }) => steps.some(({ difference }) => difference !== 0));
  const listed = (all ? rows : differing).map(({ event, day, columns, unexplained: left }) => [
    ...[eventText(event), day],
    ...[columns.braze, columns.accepted, columns.imported, columns.mixpanelRaw, columns.mixpanelUnique].map(
      number,
    ),
    left === 0 ? '' : whole(left),
  ]);
  const head = ['event', 'day', 'Braze', 'here', 'sent', 'raw', 'unique', 'unexpl.'];
  const ofCauses = totalsOf(rows);
  const text = (line: string) => paragraph(line, width);
  return [
    ...(listed.length === 0 ? [] : [titledTable(head, listed, 1, width), '']),
    ...(ofCauses.length === 0 ? [] : ['Causes of differences:']),
    ...ofCauses.map(({ title, cause, more, fewer }) => {
      const signed = [...(more > 0 ? [`+${whole(more)}`] : []), ...(fewer > 0 ? [`-${whole(fewer)}`] : [])];
      return marked('- ', `${title}: ${signed.join(' and ')}. ${meaningOf(cause)}`, width);
    }),
    ...(ofCauses.length === 0 ? [] : ['']),
    ...openDays.map(day => text(`${day} has not ended: its counts still move, and are no finding.`)),
    ...notKnown.map(why => text(notKnownText(why))),
    text(
      `${connection}, ${from} to ${to}: ${counted(events, 'event', 'events')} came. Unexplained: ${whole(unexplained)}, ` +
        `and ${counted(findings.length, 'count', 'counts')} above the threshold of ${threshold} %.` +
        (notKnown.length === 0 ? '' : ' Some counts are not known, so more may be unexplained.'),
    ),
    ...findingLines(report, width),
  ].join('\n');
}

/** What is to be done, or one line that nothing is. */
function findingLines(report: Report, width?: number): string[] {
  const { findings, threshold, notKnown, timeZones } = report;
  const rows = endedRows(report);
  const isFinding = new Set(findings);
  const lines = [
    ...rows.filter(({ day, event }) => isFinding.has(`${day} ${event}`)).flatMap(unexplainedLines),
    ...totalsOf(rows).flatMap(({ title, cause, reason, more, fewer, places }) => {
      const advice = adviceOf(cause, timeZones, reason === undefined ? [] : [reason]);
      const many = counted(Math.max(more, fewer), 'event', 'events');
      const both = `${counted(more, 'event', 'events')} more and ${whole(fewer)} fewer`;
      return advice === undefined
        ? []
        : [`${placesText(places)}: ${title}, ${more > 0 && fewer > 0 ? both : many}. ${advice}`];
    }),
  ];
  if (lines.length === 0)
    return [
      paragraph(
        `No findings${notKnown.length === 0 ? '' : ', as far as counts are known'}: no more than ${threshold} % of a count is unexplained, and no cause asks for action.`,
        width,
      ),
    ];
  return ['', 'Findings:', ...lines.map(line => marked('- ', line, width))];
}

const columnTitles: Readonly<Record<string, string>> = {
  ...{ braze: 'Braze', accepted: 'here', imported: 'sent' },
  ...{ mixpanelRaw: 'raw', mixpanelUnique: 'unique', mixpanelShown: 'shown' },
};

/** What an operator can do about a difference that no cause explains. See docs/operate/counts-differ.md. */
const adviceOfSteps: Readonly<Record<StepName, string>> = {
  braze_to_accepted:
    'Look in Braze whether the Current was paused or had errors on that day; docs/repair-gaps.md repairs a gap.',
  accepted_to_imported: 'The service counts wrongly: report it as a defect, with the output of --json.',
  imported_to_raw:
    'Look in Mixpanel for a drop filter on the event, a deletion and another sender, and check MIXPANEL_PROJECT_ID.',
  raw_to_unique: 'Report it as a defect, with the output of --json.',
  unique_to_shown: 'Report it as a defect, with the output of --json.',
};

/** A sentence for each difference of a row that no cause explains. */
const unexplainedLines = ({ day, event, columns, steps }: Row): string[] =>
  steps
    .filter(({ unexplained }) => unexplained !== 0)
    .map(({ step, unexplained }) => {
      const [first, second] = namesOfSteps[step];
      const shown = [first, second].map(
        name => `${columnTitles[name]} (${whole(eventsOf(columns[name]) ?? 0)})`,
      );
      return (
        `${day} ${eventText(event)}: no known cause, ${counted(Math.abs(unexplained), 'event', 'events')} ` +
        `${unexplained < 0 ? 'missing' : 'too many'} from ${shown.join(' to ')}. ${adviceOfSteps[step]}`
      );
    });

interface CauseTotal {
  readonly cause: Cause;
  readonly reason?: string | undefined;
  /** The cause with its reason. */
  readonly title: string;
  /** Events that it adds on some days, and takes away on others: a sum of both would hide them. */
  readonly more: number;
  readonly fewer: number;
  /** Days and events in words, as `day event`. */
  readonly places: readonly string[];
}

/** Events by cause, or by cause and reason, over all rows. */
function totalsOf(rows: readonly Row[]): CauseTotal[] {
  const totals = new Map<string, CauseTotal>();
  for (const { day, event, steps } of rows)
    for (const { cause, reason, events } of steps.flatMap(step => step.causes)) {
      const title = reason === undefined ? cause : `${cause} (${reason})`;
      const { more, fewer, places } = totals.get(title) ?? { more: 0, fewer: 0, places: [] };
      totals.set(title, {
        ...{ cause, reason, title, more: more + Math.max(0, events), fewer: fewer + Math.max(0, -events) },
        places: [...places, `${day} ${eventText(event)}`],
      });
    }
  return [...totals.values()];
}

const placesText = ([first, ...further]: readonly string[]): string =>
  further.length === 0
    ? String(first)
    : `${first} and ${counted(further.length, 'more count', 'more counts')}`;
