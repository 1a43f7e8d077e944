import type { ConnectionConfig } from '../../config/config.ts';
import { dayAt } from '../../events/delivery/outcome-tally.ts';
import { CompareError } from '../compare-error.ts';
import type { MixpanelFacts, NotKnown } from '../explain/facts.ts';
import { ExportTally } from '../export-tally.ts';
import type { Exports } from '../exports.ts';
import { MessageTally } from '../messages/message-tally.ts';
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
}

/** Reads the raw export of the days in parts. A part that fails is not known, for its reason. */
export async function mixpanelFacts(
  connection: ConnectionConfig,
  request: MixpanelRequest,
  exports: Pick<Exports, 'read'>,
): Promise<ReadExport> {
  const { days, timeout, onPart } = request;
  const deadline = timeout(longestMs);
  const facts = new Map<string, MixpanelFacts>();
  const notKnown = new Map<string, NotKnown>();
  const tally = new ExportTally(places);
  const messages = new MessageTally();
  for (let first = 0; first < days.length; first += daysAtOnce) {
    tally.clear();
    const part = days.slice(first, first + daysAtOnce);
    if (!deadline.aborted) onPart(part[0]!, part.at(-1)!);
    const read = () =>
      readPart(connection, { ...request, days: part, exports, deadline }, { tally, messages, facts });
    const failed = deadline.aborted ? tooSlow : await read();
    if (failed === undefined) continue;
    const why = { notKnown: `${daysText(part)}: ${failed.notKnown}` };
    for (const day of part) notKnown.set(day, why);
  }
  const [why] = notKnown.values();
  return {
    of: (day, event) => notKnown.get(day) ?? facts.get(keyOf(day, event)) ?? nothing,
    names: [...new Set([...facts.keys()].map(key => key.slice('YYYY-MM-DD '.length)))],
    notKnown: Array.from(notKnown.values(), failed => failed.notKnown),
    messages: why ?? messages,
  };
}

/** `2026-01-31`, or `2026-01-30 to 2026-01-31`. */
const daysText = (days: readonly string[]): string =>
  days.length === 1 ? days[0]! : `${days[0]} to ${days.at(-1)}`;

const tooSlow: NotKnown = {
  notKnown: `Mixpanel did not export all days within ${longestMs / 3_600_000} hours: choose fewer days.`,
};
const nothing: MixpanelFacts = { raw: 0, unique: 0, twins: 0, renamed: 0, unlisted: 0 };

interface Part extends MixpanelRequest {
  readonly exports: Pick<Exports, 'read'>;
  readonly deadline: AbortSignal;
}

interface Counts {
  readonly tally: ExportTally;
  readonly messages: MessageTally;
  readonly facts: Map<string, MixpanelFacts>;
}

async function readPart(
  connection: ConnectionConfig,
  { days, names, isUnlisted, exports, deadline }: Part,
  { tally, messages, facts }: Counts,
): Promise<NotKnown | undefined> {
  const renamed = new Map<string, number>();
  const unlisted = new Map<string, number>();
  const count = (counts: Map<string, number>, time: number, event: string) => {
    const key = keyOf(dayAt(time), event);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const range = {
    from: days[0]!,
    to: days.at(-1)!,
    names: [...names, hotShardEvent],
    timeoutMs: longestMs,
    stop: deadline,
    mostParts,
    days: 'exact',
  } as const;
  try {
    await exports.read(connection, range, event => {
      if (event.renamedFrom !== undefined) return count(renamed, event.time, event.renamedFrom);
      const isUnique = tally.add(event);
      messages.add(event.event, event, isUnique);
      if (isUnique && isUnlisted(event)) count(unlisted, event.time, event.event);
    });
  } catch (error) {
    if (error instanceof CompareError) return deadline.aborted ? tooSlow : { notKnown: error.message };
    throw error;
  }
  if (!tally.complete)
    return { notKnown: `Mixpanel has too many events in ${days.length} days to count each once.` };
  for (const { day, event, raw, unique, twins } of tally.counts())
    facts.set(keyOf(day, event), { ...nothing, raw, unique, twins });
  for (const [key, events] of renamed) facts.set(key, { ...(facts.get(key) ?? nothing), renamed: events });
  for (const [key, events] of unlisted) facts.set(key, { ...(facts.get(key) ?? nothing), unlisted: events });
  return undefined;
}
