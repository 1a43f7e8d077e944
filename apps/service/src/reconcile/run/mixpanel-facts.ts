import type { ConnectionConfig } from '../../config/config.ts';
import { CompareError } from '../compare-error.ts';
import type { MixpanelFacts, NotKnown } from '../explain/facts.ts';
import { ExportTally } from '../export-tally.ts';
import type { Exports } from '../exports.ts';
import { hotShardEvent } from '../raw-export.ts';

/** Counts of the raw export by {@link keyOf}, for days that were read whole; the reason for the others. */
export type ReadMixpanel = (day: string, event: string) => MixpanelFacts | NotKnown;

/** Days of one export: their events are kept as digests until it ends. */
const daysAtOnce = 4;
/** Slots for events of one export, 16 bytes each, of which seven in ten are used: 1.4 million events. */
const places = 2 ** 21;
/** A report waits for an export longer than a client of the API does. */
const timeoutMs = 3_600_000;
/** Of the 60 requests of an hour, a report of 31 days makes 24 at most. */
const mostParts = 3;

/** Key of a day and an event name. */
export const keyOf = (day: string, event: string): string => `${day} ${event}`;

/** Reads the raw export of the days in parts. A part that fails is not known, for its reason. */
export async function mixpanelFacts(
  connection: ConnectionConfig,
  { days, names }: { readonly days: readonly string[]; readonly names: readonly string[] },
  exports: Pick<Exports, 'read'>,
): Promise<{ readonly of: ReadMixpanel; readonly names: readonly string[] }> {
  const facts = new Map<string, MixpanelFacts>();
  const notKnown = new Map<string, NotKnown>();
  const tally = new ExportTally(places);
  for (let first = 0; first < days.length; first += daysAtOnce) {
    tally.clear();
    const part = days.slice(first, first + daysAtOnce);
    const failed = await readPart(connection, { days: part, names, exports }, tally, facts);
    if (failed !== undefined) for (const day of part) notKnown.set(day, failed);
  }
  return {
    of: (day, event) => notKnown.get(day) ?? facts.get(keyOf(day, event)) ?? nothing,
    names: [...new Set([...facts.keys()].map(key => key.slice('YYYY-MM-DD '.length)))],
  };
}

const nothing: MixpanelFacts = { raw: 0, unique: 0, twins: 0, renamed: 0 };

interface Part {
  readonly days: readonly string[];
  readonly names: readonly string[];
  readonly exports: Pick<Exports, 'read'>;
}

async function readPart(
  connection: ConnectionConfig,
  { days, names, exports }: Part,
  tally: ExportTally,
  facts: Map<string, MixpanelFacts>,
): Promise<NotKnown | undefined> {
  const renamed = new Map<string, number>();
  const range = {
    from: days[0]!,
    to: days.at(-1)!,
    names: [...names, hotShardEvent],
    timeoutMs,
    mostParts,
    days: 'exact',
  } as const;
  try {
    await exports.read(connection, range, event => {
      if (event.renamedFrom === undefined) return tally.add(event);
      const key = keyOf(new Date(event.time * 1_000).toISOString().slice(0, 10), event.renamedFrom);
      renamed.set(key, (renamed.get(key) ?? 0) + 1);
    });
  } catch (error) {
    if (error instanceof CompareError) return { notKnown: error.message };
    throw error;
  }
  if (!tally.complete)
    return { notKnown: `Mixpanel has too many events in ${days.length} days to count each once.` };
  for (const { day, event, raw, unique, twins } of tally.counts())
    facts.set(keyOf(day, event), { raw, unique, twins, renamed: 0 });
  for (const [key, events] of renamed) facts.set(key, { ...(facts.get(key) ?? nothing), renamed: events });
  return undefined;
}
