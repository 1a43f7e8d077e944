import { type Column, eventsOf } from '../reconcile/explain/columns.ts';
import type { MessageRow } from '../reconcile/messages/message-rows.ts';
import type { Report } from '../reconcile/run/report.ts';
import { counted, paragraph, titledTable, whole } from './terminal.ts';

export type MessageKind = MessageRow['of'];
export const messageKinds: readonly MessageKind[] = ['campaign', 'canvas', 'send'];

/** A column in a table: `?` where it is not known, `-` where it is not comparable. */
export const number = (column: Column): string =>
  'events' in column ? whole(column.events) : 'notKnown' in column ? '?' : '-';

/**
 * The columns of campaigns, Canvases or sends, those whose numbers differ or are not known unless `all` are wanted.
 *
 * @param width of the terminal; by default that of this one, and none where output is no terminal
 */
export function messagesText(report: Report, by: MessageKind, all: boolean, width?: number): string {
  const { connection, from, to, notKnown, messages, messagesLeftOut, leftOutByKind } = report;
  const leftOut = leftOutByKind === undefined ? messagesLeftOut : leftOutByKind[by];
  const rows = messages.filter(({ of }) => of === by);
  const listed = all
    ? rows
    : rows.filter(row => stateOf(row) !== 'equal' && stateOf(row) !== 'not comparable');
  const cells = listed.map(row => {
    const { braze, accepted, mixpanelRaw, mixpanelUnique } = row.columns;
    const difference = differenceOf(row);
    return [
      ...(by === 'send' ? [] : [row.name ?? '?']),
      ...[row.id, row.event],
      ...[braze, accepted, mixpanelRaw, mixpanelUnique].map(number),
      difference === undefined ? '' : `${difference > 0 ? '+' : ''}${whole(difference)}`,
    ];
  });
  const head = [
    ...(by === 'send' ? ['send'] : [by === 'canvas' ? 'Canvas' : by, 'ID']),
    ...['event', 'Braze', 'here', 'raw', 'unique', 'differ.'],
  ];
  const reasons = [
    // Where a list was not read, it has no row that could say so.
    ...notKnown.map(notKnownText),
    ...listed.flatMap(({ columns }) =>
      Object.values(columns).flatMap(column =>
        'notKnown' in column ? [notKnownText(column.notKnown)] : reasonOf(column),
      ),
    ),
  ];
  const subjects = new Set(rows.map(({ id }) => id)).size;
  const of = (state: State) => rows.filter(row => stateOf(row) === state).length;
  return [
    ...(cells.length === 0 ? [] : [titledTable(head, cells, by === 'send' ? 1 : 2, width), '']),
    ...[...new Set(reasons)].map(why => paragraph(why, width)),
    ...(leftOut === 0
      ? []
      : [
          paragraph(
            leftOutByKind === undefined
              ? `${whole(leftOut)} more rows of campaigns, Canvases and sends have fewer events and are left out, so counts of ${names[by][1]} are not known. Make a new report.`
              : `${whole(leftOut)} more rows of ${names[by][1]} have fewer events and are left out. Choose fewer days.`,
            width,
          ),
        ]),
    paragraph(
      rows.length === 0 && notKnown.length > 0
        ? `${connection}, ${from} to ${to}: ${names[by][1]} are not known.`
        : `${connection}, ${from} to ${to}: ${leftOut === 0 ? '' : 'of the listed rows, '}${counted(subjects, ...names[by])} in ${counted(rows.length, 'row', 'rows')}, one for each event. ` +
            `${whole(of('different'))} differ, ${whole(of('not known'))} not known, ${whole(of('not comparable'))} not comparable, ${whole(of('equal'))} equal. ` +
            (notKnown.length === 0 ? '' : 'Some counts are not known, so there may be more. ') +
            'Braze counts days of the company. Without --by the causes are named.',
      width,
    ),
  ].join('\n');
}

const names: Readonly<Record<MessageKind, readonly [string, string]>> = {
  campaign: ['campaign', 'campaigns'],
  canvas: ['Canvas', 'Canvases'],
  send: ['send', 'sends'],
};

type State = 'equal' | 'different' | 'not known' | 'not comparable';

/** How the number of Braze compares with that of Mixpanel. */
function stateOf(row: MessageRow): State {
  const difference = differenceOf(row);
  if (difference !== undefined) return difference === 0 ? 'equal' : 'different';
  const { braze, mixpanelUnique } = row.columns;
  return 'notKnown' in braze || 'notKnown' in mixpanelUnique ? 'not known' : 'not comparable';
}

/** Why a count is not known, below a table. */
export const notKnownText = (why: string): string => `Not known (?), because: ${why}`;

const reasonOf = (column: Column): string[] =>
  'notComparable' in column ? [`Not comparable (-): ${column.notComparable}`] : [];

/** Unique events in Mixpanel less those of Braze; `undefined` where one is not known. */
function differenceOf({ columns: { braze, mixpanelUnique } }: MessageRow): number | undefined {
  const [from, to] = [eventsOf(braze), eventsOf(mixpanelUnique)];
  return from === undefined || to === undefined ? undefined : to - from;
}
