import { z } from 'zod';
import { eventsOf } from '../explain/columns.ts';
import { type Row, rowSchema } from '../explain/explain-row.ts';
import { messageRowSchema } from '../messages/message-rows.ts';

export const reportSchema = z
  .object({
    connection: z.string(),
    /** `YYYY-MM-DD` in UTC, both inclusive. */
    from: z.string(),
    to: z.string(),
    /** Time zones of the settings; absent in reports of earlier releases. */
    timeZones: z.object({ mixpanel: z.string(), braze: z.string() }).readonly().optional(),
    /** Threshold for findings, in percent. */
    threshold: z.number(),
    /** Sum of all accepted events. */
    events: z.int(),
    /** Sum of what no cause explains, without signs. */
    unexplained: z.int(),
    /** Rows whose unexplained part is above the threshold, as `day event`. */
    findings: z.array(z.string()).readonly(),
    /** Days that had not ended when the report was begun: their counts still move, and none of them is a finding. */
    openDays: z.array(z.string()).readonly().default([]),
    /** Reasons why columns are not known, each once. */
    notKnown: z.array(z.string()).readonly(),
    rows: z.array(rowSchema).readonly(),
    /** By campaign, Canvas and send of an API campaign: of each kind those with the most events, first of all these. */
    messages: z.array(messageRowSchema).readonly().default([]),
    /** Number of further rows by campaign, Canvas and send. */
    messagesLeftOut: z.int().default(0),
    /** Of these, by kind; absent in reports that have the largest rows of all kinds together. */
    leftOutByKind: z.object({ campaign: z.int(), canvas: z.int(), send: z.int() }).readonly().optional(),
  })
  .readonly();
export type Report = z.output<typeof reportSchema>;

/** Fewer unexplained events than these are no finding, however few events the row has. */
const fewest = 5;

/** Reasons why counts are not known, whether or not a row has such a column. */
export interface Unread {
  /** Of Braze's parts, such as the series of campaigns. */
  readonly braze: readonly string[];
  /** Of all other counts. */
  readonly other: readonly string[];
}

/** The sums over all rows, and the findings among them. Pure. */
export function summaryOf(
  rows: readonly Row[],
  threshold: number,
  { braze, other }: Unread,
): Pick<Report, 'events' | 'unexplained' | 'findings' | 'notKnown'> {
  // One reason is enough for Braze: its parts mostly fail together.
  const isBrazeNamed = rows.some(({ columns }) => 'notKnown' in columns.braze);
  return {
    events: rows.reduce((sum, { columns }) => sum + (eventsOf(columns.accepted) ?? 0), 0),
    unexplained: rows.reduce((sum, { unexplained }) => sum + unexplained, 0),
    findings: rows.filter(row => isFinding(row, threshold)).map(({ day, event }) => `${day} ${event}`),
    notKnown: [
      ...new Set([
        ...rows.flatMap(({ columns }) =>
          Object.values(columns).flatMap(column => ('notKnown' in column ? [column.notKnown] : [])),
        ),
        ...(isBrazeNamed ? [] : braze.slice(0, 1)),
        ...other,
      ]),
    ],
  };
}

/** The rows of days that have ended: no other one has a finding, or a cause that asks for action. */
export const endedRows = ({ rows, openDays }: Pick<Report, 'rows' | 'openDays'>): readonly Row[] =>
  rows.filter(({ day }) => !openDays.includes(day));

/** The events of the largest column of a row. */
export const largestOf = ({ columns }: Pick<Row, 'columns'>): number =>
  Object.values(columns).reduce((most, column) => Math.max(most, eventsOf(column) ?? 0), 0);

/** Whether more of a row is unexplained than the threshold allows, in percent of its largest column. */
const isFinding = (row: Row, threshold: number): boolean =>
  row.unexplained >= fewest && row.unexplained * 100 > threshold * largestOf(row);
