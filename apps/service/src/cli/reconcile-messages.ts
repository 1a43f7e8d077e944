import { type Column, eventsOf } from '../reconcile/explain/columns.ts';
import type { MessageRow } from '../reconcile/messages/message-rows.ts';
import type { Report } from '../reconcile/run/report.ts';
import { counted, paragraph, records, whole } from './terminal.ts';

export type MessageKind = MessageRow['of'];
export const messageKinds: readonly MessageKind[] = ['campaign', 'canvas', 'send'];

/** A column in a table: `?` where it is not known, `-` where it is not comparable. */
export const number = (column: Column): string =>
  'events' in column ? whole(column.events) : 'notKnown' in column ? '?' : '-';

/** The columns of campaigns, Canvases or sends, those whose numbers differ unless `all` are wanted. */
export function messagesText(report: Report, by: MessageKind, all: boolean): string {
  const { connection, from, to, notKnown, messages, messagesLeftOut } = report;
  const rows = messages.filter(({ of }) => of === by);
  const listed = all ? rows : rows.filter(row => differenceOf(row) !== 0);
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
  const name = { campaign: 'campaigns', canvas: 'Canvases', send: 'sends' }[by];
  return [
    ...(cells.length === 0 ? [] : [records(head, cells), '']),
    ...[...new Set(reasons)].map(why => paragraph(why)),
    ...(messagesLeftOut === 0 ? [] : [paragraph(`${whole(messagesLeftOut)} more rows have fewer events.`)]),
    paragraph(
      `${connection}, ${from} to ${to}: ${counted(rows.length, 'count', 'counts')} of ${name}, ` +
        `of which ${whole(rows.filter(row => differenceOf(row) !== 0).length)} differ or are not known. ` +
        (notKnown.length === 0 ? '' : 'Some counts are not known, so there may be more. ') +
        'Braze counts days of the company. Without --by the causes are named.',
    ),
  ].join('\n');
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
