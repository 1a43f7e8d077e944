import type { Journal, Storage } from '@braze-mixpanel/storage';
import type { ConnectionConfig } from '../../config/config.ts';
import { forgottenReason } from '../../events/delivery/forgotten-users.ts';
import type { SchemasClient } from '../../lexicon/schemas-client.ts';
import type { ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import { type BrazeNumbers, brazeNumbers, periodOf } from '../braze/braze-numbers.ts';
import { alreadyInMixpanel } from '../cut-over.ts';
import { explainDays } from '../explain/explain-days.ts';
import { completedEvents, type Facts } from '../explain/facts.ts';
import { type Exports, namesOf } from '../exports.ts';
import { keptMessages } from '../messages/kept-messages.ts';
import { messageRows } from '../messages/message-rows.ts';
import { sendNumbers } from '../messages/send-numbers.ts';
import type { ExportedEvent } from '../raw-export.ts';
import { deletedUsers } from './deleted-users.ts';
import { lexiconFacts } from './lexicon-facts.ts';
import { keyOf, mixpanelFacts } from './mixpanel-facts.ts';
import { daysBetween, noOwnFacts, totalsBy, totalsByName } from './own-facts.ts';
import { movedBetween, readOwn } from './own-reading.ts';
import { largestOf, type Report, summaryOf } from './report.ts';
import { companyMargin, type PlainFacts, withZones } from './zone-facts.ts';

export interface ReconcileOptions {
  readonly journal: Pick<Journal, 'dayCounts' | 'dayOutcomes' | 'pending' | 'delivered'>;
  /** Names of other connections that deliver to the same project. */
  readonly others: readonly string[];
  readonly receipts: Pick<Storage['receipts'], 'deletionsOf'>;
  readonly exports: Pick<Exports, 'read'>;
  /** Reads Braze's analytics, or the reason why it cannot. */
  readonly analytics: ReadAnalytics | string;
  /** @throws LexiconError without a service account */
  readonly lexicon: () => Pick<SchemasClient, 'list'>;
  /** Percent of a row's events. */
  readonly threshold: number;
  /** Milliseconds for which bodies are kept after their delivery; 0 for none. */
  readonly keptMs: number;
  /** First day whose outcomes were counted in full. */
  readonly countedSince: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A signal that is aborted after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Called with a sentence at the beginning of each part. */
  readonly onProgress: (progress: string) => void;
}

/** What a report does first. */
export const firstStep = 'Reads the counts of the service.';

/** Braze and the raw export may lack events of the last two days. */
const lagMs = 2 * 86_400_000;

/**
 * All counts of a connection's events by name and UTC day, and the causes of their differences; the counts of its
 * campaigns, Canvases and sends. A part that cannot be read is not known, for its reason; the rest of the report
 * stays right.
 */
export async function reconcile(
  connection: ConnectionConfig,
  range: { readonly from: string; readonly to: string },
  options: ReconcileOptions,
): Promise<Report> {
  const { journal, others, exports, analytics, lexicon, threshold, now, timeout, onProgress } = options;
  const { keptMs, countedSince, receipts } = options;
  const days = daysBetween(range.from, range.to);
  const today = new Date(now).toISOString().slice(0, 10);
  onProgress(firstStep);
  const reading = await readOwn(connection, range, journal, now);
  const { own, pending } = reading;
  const ofOthersBefore = await totalsBy(others, journal, range);
  const completed = totalsByName(own, completedEvents);
  // Soon after the counts that it is compared with.
  const kept = await keptMessages(connection.name, journal, {
    ...range,
    keepsDelivered: keptMs > 0,
    completed,
    forgotten: totalsByName(own, ({ removed, skipped }) => removed + (skipped[forgottenReason] ?? 0)),
    cutOver: totalsByName(own, ({ skipped }) => skipped[alreadyInMixpanel] ?? 0),
  });
  const period = periodOf(connection, days);
  onProgress("Reads Braze's own numbers.");
  const braze = await brazeNumbers(connection, {
    ...{ period, client: analytics },
    wasReceived: (event, day) =>
      day === undefined
        ? (completed.get(event) ?? 0) > 0
        : completedEvents(own.get(keyOf(day, event)) ?? noOwnFacts()) > 0,
  });
  const names = namesOf(connection, [...completed.keys(), ...pending.names, ...braze.names]);
  const isUnlisted = unlistedBy(braze);
  const onPart = (first: string, last: string) =>
    onProgress(`Reads Mixpanel's raw export of ${first} to ${last}.`);
  const exportedDays = days.filter(day => day <= today);
  const margin = companyMargin(connection, days);
  const exported = await mixpanelFacts(
    ...([connection, { days: exportedDays, margin, names, isUnlisted, timeout, onPart }, exports] as const),
  );
  const inLexicon = await lexiconFacts(lexicon);
  // Events arrive while the vendors are read.
  const later = await readOwn(connection, range, journal, now);
  const ofOthers = await totalsBy(others, journal, range);
  const removedOfOthers = await totalsBy(others, journal, range, ({ removed }) => removed);
  const deleted = await deletedUsers([connection.name, ...others], receipts, keptMs);

  const deletedOn = (day: string, event: string) => {
    const users = deleted(day);
    return users && { ...users, removedOfOthers: removedOfOthers.get(keyOf(day, event)) ?? 0 };
  };
  const plain = [...new Set([...names, ...exported.names])].sort().flatMap(event =>
    days.map((day): PlainFacts => {
      const mixpanel = exported.of(day, event);
      const ofBraze = braze.of(event, day);
      const isPart = braze.gone.length > 0 && braze.messageEvents.has(event) && 'notKnown' in mixpanel;
      return {
        ...{ day, event, ...ofBraze, ...(isPart && { braze: { notKnown: goneText(braze) } }) },
        own:
          day < countedSince
            ? { notKnown: `Outcomes by day are counted since ${countedSince}.` }
            : (own.get(keyOf(day, event)) ?? noOwnFacts()),
        pending: pending.of(day, event),
        everReceived: completed.has(event) || days.some(each => isPending(pending.of(each, event))),
        mixpanel,
        ofOthers: ofOthers.get(keyOf(day, event)) ?? 0,
        ...{ lexicon: inLexicon(event), deleted: deletedOn(day, event) },
        recent: now - (Date.parse(day) + 86_400_000) < lagMs,
        open: day >= today,
        moved:
          movedBetween(reading, later, day, event) +
          Math.abs((ofOthers.get(keyOf(day, event)) ?? 0) - (ofOthersBefore.get(keyOf(day, event)) ?? 0)),
      };
    }),
  );
  const facts = withZones(connection, plain, exported.quarters);
  onProgress("Reads Braze's numbers of sends.");
  const rows = explainDays(facts).filter(row => largestOf(row) > 0);
  const { messages } = exported;
  const unread = { braze: braze.notKnown, other: [...exported.notKnown, ...notCome(days, today)] };
  return {
    ...{ connection: connection.name, ...range, threshold, ...summaryOf(rows, threshold, unread), rows },
    timeZones: { mixpanel: connection.mixpanel.timeZone, braze: connection.braze.timeZone },
    openDays: days.filter(day => day === today),
    ...messageRows({
      ...{ braze, exported: messages, kept },
      sends:
        'notKnown' in messages
          ? () => messages
          : await sendNumbers({ client: analytics, period, braze, messages, now }),
    }),
  };
}

const isPending = (facts: Facts['pending']): boolean =>
  !('notKnown' in facts) && facts.waiting + facts.held > 0;

/** Whether an event counts in no series: Braze adds these up over the campaigns and Canvases that it lists. */
function unlistedBy({ campaigns, canvases, messageEvents }: BrazeNumbers): (event: ExportedEvent) => boolean {
  if ('notKnown' in campaigns || 'notKnown' in canvases) return () => false;
  return ({ event, campaignId = '', canvasId = '' }) =>
    !campaigns.has(campaignId) && !canvases.has(canvasId) && messageEvents.has(event);
}

const goneText = ({ gone }: BrazeNumbers): string =>
  `Braze's numbers lack ${gone.length === 1 ? gone[0] : `${gone.length} campaigns or Canvases`}, deleted while the report was made.`;

/** The reason why days after today, in UTC, have no counts. */
function notCome(days: readonly string[], today: string): string[] {
  const [first] = days.filter(day => day > today);
  return first === undefined
    ? []
    : [`The days from ${first} on have not come yet: choose days up to ${today}.`];
}
