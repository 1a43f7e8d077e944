import { type DeadLetter, idOf } from './dead-letter.ts';
import { type Status, sum } from './status.ts';
import { eventsOf, isCut, type Trace, type TracedEvent } from './traced-events.ts';

/** What became of events since a replay. */
export interface Since {
  readonly delivered: number;
  readonly skipped: number;
  readonly dead: number;
  readonly pending: number;
  /** Other events among these: they waited before the replay, or came after it. */
  readonly others: number;
}

/**
 * Counters after a replay compared with those before it, of one connection or of all. A replayed dead letter is one less
 * until it fails again.
 */
export function since(before: Status, now: Status, replayed: number, connection?: string): Since {
  const total = (of: (name: string) => number) =>
    Object.keys(now.connections)
      .filter(name => connection === undefined || name === connection)
      .reduce((all, name) => all + of(name), 0);
  const grown = (read: (of: Status['connections'][string]) => number) =>
    total(name => {
      const [was, is] = [before.connections[name], now.connections[name]];
      return (is ? read(is) : 0) - (was ? read(was) : 0);
    });
  return {
    delivered: grown(({ imported }) => imported),
    skipped: grown(({ skipped }) => sum(skipped)),
    dead: grown(({ deadLettered }) => sum(deadLettered)) + replayed,
    pending: total(name => now.connections[name]?.pending.events ?? 0),
    others: grown(({ accepted }) => accepted) + total(name => before.connections[name]?.pending.events ?? 0),
  };
}

/**
 * What became of one replayed dead letter; `hidden` where other events hide whether it still waits; `ended` where it is no dead letter, and other
 * events hide which end it had.
 */
export type Fate = 'waiting' | 'hidden' | 'delivered' | 'skipped' | 'ended' | 'unknown';

/**
 * What the counters say of a replayed dead letter that is not found among the dead letters again.
 *
 * @param isNamed whether the event has an ID, by which it would be found there
 */
export function fateOf({ delivered, skipped, dead, pending, others }: Since, isNamed: boolean): Fate {
  if (pending > 0) return others > 0 && delivered + skipped > 0 ? 'hidden' : 'waiting';
  if (!isNamed && dead > 0) return 'unknown';
  const ended = delivered + skipped;
  // Counters of a moment before the replay.
  if (ended === 0) return 'waiting';
  if (others > 0 || ended > 1) return 'ended';
  return delivered === 1 ? 'delivered' : 'skipped';
}

/**
 * A replayed event in the trace of its user, or why its state is not known. What the trace has from before the replay
 * does not count, except that Mixpanel accepted it.
 */
export function findReplayed(trace: Trace, letter: DeadLetter): TracedEvent | string {
  const { connection, id: replayed, diedAt } = letter;
  const unknown = 'The trace of its user does not have it.';
  const stored = trace.connections[connection];
  if (stored === undefined) return unknown;
  const since = {
    pending: stored.pending,
    deadLetters: stored.deadLetters.filter(({ deadLetter }) => deadLetter > replayed),
    delivered:
      stored.delivered?.filter(
        ({ state, deliveredAt }) => state === 'accepted' || Date.parse(deliveredAt) > Date.parse(diedAt),
      ) ?? null,
  };
  const found = eventsOf({ [connection]: since }).find(({ id }) => id === idOf(letter));
  if (found !== undefined) return found;
  if (isCut(trace)) return 'Its user has more stored events than a trace shows.';
  return stored.delivered === null
    ? 'It no longer waits and is no dead letter. Delivered events are not stored; set DELIVERED_RETENTION to trace them.'
    : unknown;
}
