import type { MappedRow } from './map-rows.ts';
import type { DeadEvent } from './settlement.ts';

/** Indexes of events by reason, in ascending order. */
type ByReason = Readonly<Record<string, readonly number[]>>;

/**
 * What became of the events of a batch whose body is kept, by their indexes. Mixpanel accepted each event that is in none
 * of the lists; in shadow mode it was not sent.
 */
export interface KeptOutcomes {
  /** Number of all events. */
  readonly events: number;
  readonly shadow?: true;
  /** Dead letters: refused, or not mapped. */
  readonly dead?: ByReason;
  readonly skipped?: ByReason;
  /** Events that became a batch of their own, until their time. */
  readonly held?: readonly number[];
}

/** The outcomes of a row whose every event has its final answer, as a text for storage. */
export function keptOutcomesOf(row: MappedRow, dead: readonly DeadEvent[]): string {
  const held = row.held.flatMap(({ indexes }) => indexes).toSorted((a, b) => a - b);
  const letters = dead.toSorted((a, b) => a.index - b.index);
  return textOf({
    events: row.batch.events,
    ...(row.shadow && { shadow: true }),
    dead: byReason(letters.map(({ index, reason }) => [index, reason])),
    skipped: row.skippedIndexes ?? {},
    held,
  });
}

/** Reads a stored text; `undefined` where there is none for this number of events. */
export function readKeptOutcomes(text: string | undefined, events: number): KeptOutcomes | undefined {
  if (text === undefined) return undefined;
  const outcomes = JSON.parse(text) as KeptOutcomes;
  // A process of an older version removes events, and leaves the text as it was.
  return outcomes.events === events ? outcomes : undefined;
}

/** The text for the events that stay when those at `removed` are gone; `undefined` where the outcomes are not known. */
export function keptOutcomesWithout(
  text: string | undefined,
  events: number,
  removed: readonly number[],
): string | undefined {
  const outcomes = readKeptOutcomes(text, events);
  if (outcomes === undefined) return undefined;
  const gone = new Set(removed);
  const left = (indexes: readonly number[]) =>
    indexes
      .filter(index => !gone.has(index))
      .map(index => index - removed.filter(before => before < index).length);
  const leftOf = (lists: ByReason = {}) =>
    Object.fromEntries(Object.entries(lists).map(([reason, indexes]) => [reason, left(indexes)]));
  const { dead, skipped, held = [] } = outcomes;
  return textOf({
    ...{ ...outcomes, events: events - gone.size },
    ...{ dead: leftOf(dead), skipped: leftOf(skipped), held: left(held) },
  });
}

/** What became of the event at an index. */
export function keptOutcomeAt(
  { shadow, dead = {}, skipped = {}, held = [] }: KeptOutcomes,
  index: number,
): { readonly kind: 'accepted' | 'shadow' | 'held' | 'skipped' | 'dead'; readonly reason: string | null } {
  if (held.includes(index)) return { kind: 'held', reason: null };
  for (const [kind, lists] of [['dead', dead] as const, ['skipped', skipped] as const])
    for (const [reason, indexes] of Object.entries(lists))
      if (indexes.includes(index)) return { kind, reason };
  return { kind: shadow ? 'shadow' : 'accepted', reason: null };
}

function byReason(events: readonly (readonly [index: number, reason: string])[]): ByReason {
  const groups = Map.groupBy(events, ([, reason]) => reason);
  return Object.fromEntries([...groups].map(([reason, each]) => [reason, each.map(([index]) => index)]));
}

/** Empty lists are left out: most batches have none. */
const textOf = ({ dead = {}, skipped = {}, held = [], ...rest }: KeptOutcomes): string =>
  JSON.stringify({
    ...rest,
    ...(hasSome(dead) && { dead }),
    ...(hasSome(skipped) && { skipped }),
    ...(held.length > 0 && { held }),
  });

const hasSome = (lists: ByReason): boolean => Object.values(lists).some(({ length }) => length > 0);
