import type { ConnectionConfig } from '../../config/config.ts';
import { dayAt } from '../../events/delivery/outcome-tally.ts';
import { CompareError } from '../compare-error.ts';
import type { MixpanelFacts, NotKnown } from '../explain/facts.ts';
import { ExportTally } from '../export-tally.ts';
import type { Exports } from '../exports.ts';
import { MessageTally } from '../messages/message-tally.ts';
import { QuarterCounts } from '../quarter-counts.ts';
import { type ExportedEvent, hotShardEvent } from '../raw-export.ts';

/** Counts of the raw export by {@link keyOf}, for days that were read whole; the reason for the others. */
type ReadMixpanel = (day: string, event: string) => MixpanelFacts | NotKnown;

/** Days of one export: their events are kept as digests until it ends. */
const daysAtOnce = 4;
/** Slots for events of one export, 16 bytes each, of which seven in ten are used: 1.4 million events. */
const places = 2 ** 21;
/** A report waits for all of its exports together longer than a client of the API does. */
const longestMs = 2 * 3_600_000;
/** Of the 60 requests of an hour, a report of 31 days makes 24 at most. */
const mostParts = 3;

/** Key of a day and an event name. */
export const keyOf = (day: string, event: string): string => `${day} ${event}`;

export interface MixpanelRequest {
  readonly days: readonly string[];
  /** Seconds before the first and after the last of these days whose events are on one of them at the company. */
  readonly margin: { readonly before: number; readonly after: number };
  readonly names: readonly string[];
  /** Whether Braze counts the event by campaign or Canvas, and lists neither that of the event. */
  readonly isUnlisted: (event: ExportedEvent) => boolean;
  /** A signal that is aborted after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Called before each part is read. */
  readonly onPart: (first: string, last: string) => void;
}

export interface ReadExport {
  readonly of: ReadMixpanel;
  readonly names: readonly string[];
  /** Reasons of the days that could not be read. */
  readonly notKnown: readonly string[];
  /** By campaign, Canvas and send, over all days; the reason where one of the days is not known. */
  readonly messages: MessageTally | NotKnown;
  readonly quarters: ExportQuarters;
}

/** Events of the raw export by name and quarter of an hour, for days of other time zones. */
export interface ExportQuarters {
  /** Each once. */
  readonly unique: QuarterCounts;
  /** The further copies of these. */
  readonly copies: QuarterCounts;
  /** Of the unique ones, those of no campaign or Canvas that Braze lists, where Braze counts by these. */
  readonly unlisted: QuarterCounts;
  /** Whether everything from one time to another, exclusive, was read. */
  covers(from: number, to: number): boolean;
}

/** Reads the raw export of the days in parts. A part that fails is not known, for its reason. */
export async function mixpanelFacts(
  connection: ConnectionConfig,
  request: MixpanelRequest,
  exports: Pick<Exports, 'read'>,
): Promise<ReadExport> {
  const { days, timeout, onPart, margin } = request;
  const deadline = timeout(longestMs);
  const facts = new Map<string, MixpanelFacts>();
  const notKnown = new Map<string, NotKnown>();
  const tally = new ExportTally(places);
  const messages = new MessageTally();
  const counts = { unique: new QuarterCounts(), copies: new QuarterCounts(), unlisted: new QuarterCounts() };
  const spans: Span[] = [];
  for (let first = 0; first < days.length; first += daysAtOnce) {
    tally.clear();
    const part = days.slice(first, first + daysAtOnce);
    if (!deadline.aborted) onPart(part[0]!, part.at(-1)!);
    const end = Date.parse(part.at(-1)!) / 1_000 + daySeconds;
    const span = {
      from: Date.parse(part[0]!) / 1_000 - (first === 0 ? margin.before : 0),
      to: end + (first + daysAtOnce >= days.length ? margin.after : 0),
    };
    const read = () =>
      readPart(
        connection,
        { ...request, days: part, span, exports, deadline },
        { tally, messages, facts, ...counts },
      );
    const failed = deadline.aborted ? tooSlow : await read();
    if (failed === undefined) {
      spans.push(span);
      continue;
    }
    const why = { notKnown: `${daysText(part)}: ${failed.notKnown}` };
    for (const day of part) notKnown.set(day, why);
  }
  const [why] = notKnown.values();
  return {
    of: (day, event) => notKnown.get(day) ?? facts.get(keyOf(day, event)) ?? nothing,
    names: [...new Set([...facts.keys()].map(key => key.slice('YYYY-MM-DD '.length)))],
    notKnown: Array.from(notKnown.values(), failed => failed.notKnown),
    messages: why ?? messages,
    quarters: {
      ...counts,
      covers(from, to) {
        let covered = from;
        for (const span of spans) if (span.from <= covered && covered < span.to) covered = span.to;
        return covered >= to;
      },
    },
  };
}

/** UNIX seconds, the end exclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const daySeconds = 86_400;

/** `2026-01-31`, or `2026-01-30 to 2026-01-31`. */
const daysText = (days: readonly string[]): string =>
  days.length === 1 ? days[0]! : `${days[0]} to ${days.at(-1)}`;

const tooSlow: NotKnown = {
  notKnown: `Mixpanel did not export all days within ${longestMs / 3_600_000} hours: choose fewer days.`,
};
const nothing: MixpanelFacts = { raw: 0, unique: 0, twins: 0, renamed: 0 };

interface Part extends Omit<MixpanelRequest, 'margin'> {
  readonly span: Span;
  readonly exports: Pick<Exports, 'read'>;
  readonly deadline: AbortSignal;
}

interface Counts extends Omit<ExportQuarters, 'covers'> {
  readonly tally: ExportTally;
  readonly messages: MessageTally;
  readonly facts: Map<string, MixpanelFacts>;
}

async function readPart(
  connection: ConnectionConfig,
  { days, span, names, isUnlisted, exports, deadline }: Part,
  { tally, messages, facts, unique, copies, unlisted }: Counts,
): Promise<NotKnown | undefined> {
  const renamed = new Map<string, number>();
  const isOfPart = (time: number) => {
    const day = dayAt(time);
    return day >= days[0]! && day <= days.at(-1)!;
  };
  const range = {
    from: dayAt(span.from),
    to: dayAt(span.to - 1),
    names: [...names, hotShardEvent],
    timeoutMs: longestMs,
    stop: deadline,
    mostParts,
    days: 'exact',
  } as const;
  try {
    await exports.read(connection, range, event => {
      const { event: name, time, renamedFrom } = event;
      if (time < span.from || time >= span.to) return;
      if (renamedFrom !== undefined) {
        const key = keyOf(dayAt(time), renamedFrom);
        renamed.set(key, (renamed.get(key) ?? 0) + 1);
        return;
      }
      const isUnique = tally.add(event);
      (isUnique ? unique : copies).add(name, time);
      if (isUnique && isUnlisted(event)) unlisted.add(name, time);
      if (isOfPart(time)) messages.add(name, event, isUnique);
    });
  } catch (error) {
    if (error instanceof CompareError) return deadline.aborted ? tooSlow : { notKnown: error.message };
    throw error;
  }
  if (!tally.complete)
    return { notKnown: `Mixpanel has too many events in ${days.length} days to count each once.` };
  for (const { day, event, ...counts } of tally.counts())
    if (isOfPart(Date.parse(day) / 1_000)) facts.set(keyOf(day, event), { ...nothing, ...counts });
  for (const [key, events] of renamed) facts.set(key, { ...(facts.get(key) ?? nothing), renamed: events });
  return undefined;
}
