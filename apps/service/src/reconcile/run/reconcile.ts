import type { Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { ConnectionConfig } from '../../config/config.ts';
import type { SchemasClient } from '../../lexicon/schemas-client.ts';
import type { ReadAnalytics } from '../braze/analytics-client.ts';
import { brazeNumbers } from '../braze/braze-numbers.ts';
import { explainDays } from '../explain/explain-days.ts';
import { type Row, rowSchema } from '../explain/explain-row.ts';
import type { Facts } from '../explain/facts.ts';
import { type Exports, namesOf } from '../exports.ts';
import { lexiconFacts } from './lexicon-facts.ts';
import { keyOf, mixpanelFacts } from './mixpanel-facts.ts';
import { dayAfter, noOwnFacts, ownFacts } from './own-facts.ts';
import { pendingFacts } from './pending-facts.ts';

export const reportSchema = z
  .object({
    connection: z.string(),
    /** `YYYY-MM-DD` in UTC, both inclusive. */
    from: z.string(),
    to: z.string(),
    /** Threshold for findings, in percent. */
    threshold: z.number(),
    /** Sum of all accepted events. */
    events: z.int(),
    /** Sum of what no cause explains, without signs. */
    unexplained: z.int(),
    /** Rows whose unexplained part is above the threshold, as `day event`. */
    findings: z.array(z.string()).readonly(),
    /** Reasons why columns are not known, each once. */
    notKnown: z.array(z.string()).readonly(),
    rows: z.array(rowSchema).readonly(),
  })
  .readonly();
export type Report = z.output<typeof reportSchema>;

export interface ReconcileOptions {
  readonly journal: Pick<Journal, 'dayCounts' | 'dayOutcomes' | 'pending'>;
  readonly exports: Pick<Exports, 'read'>;
  /** Reads Braze's analytics, or the reason why it cannot. */
  readonly analytics: ReadAnalytics | string;
  /** @throws LexiconError without a service account */
  readonly lexicon: () => Pick<SchemasClient, 'list'>;
  /** Percent of a row's events. */
  readonly threshold: number;
  /** First day whose outcomes were counted in full. */
  readonly countedSince: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Fewer unexplained events than these are no finding, however few events the row has. */
const fewest = 5;
/** Braze and the raw export may lack events of the last two days. */
const lagMs = 2 * 86_400_000;

/**
 * All counts of a connection's events by name and UTC day, and the causes of their differences. A part that
 * cannot be read is not known, for its reason; the rest of the report stays right.
 */
export async function reconcile(
  connection: ConnectionConfig,
  { from, to }: { readonly from: string; readonly to: string },
  { journal, exports, analytics, lexicon, threshold, countedSince, now }: ReconcileOptions,
): Promise<Report> {
  const { name } = connection;
  const days = daysOf(from, to);
  const own = await ownFacts(journal, name, { from, to });
  const pending = await pendingFacts(connection, journal, now);
  const braze = await brazeNumbers(connection, days, analytics);
  const counted = [...own.keys()].map(key => key.slice('YYYY-MM-DD '.length));
  const names = namesOf(connection, [...counted, ...braze.names]);
  const mixpanel = await mixpanelFacts(connection, { days, names }, exports);
  const inLexicon = await lexiconFacts(lexicon);

  const received = new Set(counted);
  const facts = [...new Set([...names, ...mixpanel.names])].sort().flatMap(event =>
    days.map(
      (day): Facts => ({
        ...{ day, event, ...braze.of(event, day) },
        own:
          day < countedSince
            ? { notKnown: `Outcomes by day are counted since ${countedSince}.` }
            : (own.get(keyOf(day, event)) ?? noOwnFacts()),
        pending: pending(day, event),
        everReceived: received.has(event),
        mixpanel: mixpanel.of(day, event),
        lexicon: inLexicon(event),
        recent: now - (Date.parse(day) + 86_400_000) < lagMs,
      }),
    ),
  );
  const rows = explainDays(facts).filter(hasEvents);
  return {
    ...{ connection: name, from, to, threshold },
    events: rows.reduce(
      (sum, { columns: { accepted } }) => sum + ('events' in accepted ? accepted.events : 0),
      0,
    ),
    unexplained: rows.reduce((sum, { unexplained }) => sum + unexplained, 0),
    findings: rows.filter(row => isFinding(row, threshold)).map(({ day, event }) => `${day} ${event}`),
    notKnown: [
      ...new Set(
        rows.flatMap(({ columns }) =>
          Object.values(columns).flatMap(column => ('notKnown' in column ? [column.notKnown] : [])),
        ),
      ),
    ],
    rows,
  };
}

const hasEvents = ({ columns }: Row): boolean =>
  Object.values(columns).some(column => 'events' in column && column.events > 0);

/** Whether more of a row is unexplained than the threshold allows, in percent of its largest column. */
function isFinding({ columns, unexplained }: Row, threshold: number): boolean {
  const largest = Object.values(columns).reduce(
    (most, column) => ('events' in column ? Math.max(most, column.events) : most),
    0,
  );
  return unexplained >= fewest && unexplained * 100 > threshold * largest;
}

function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}
