/** An event whose own time is ahead of this machine's clock. */
export interface EarlyEvent {
  /** Index in the batch's `events`. */
  readonly index: number;
  /** UNIX seconds. */
  readonly time: number;
}

/** Early events that wait together for the time of the last one. */
export interface HeldGroup {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly indexes: readonly number[];
}

/**
 * Whether an event's time is ahead of the clock. Mixpanel changes such a time to "now", at each ingestion
 * anew, and recognises a repeated event by its time as well. So an event is sent with its own time, and not
 * before that time: every copy of it is then equal, from any process and at any moment.
 */
export const isEarly = (time: number, now: number): boolean => time * 1_000 > now;

/**
 * Early events in groups, each of which becomes a batch of its own. No event waits more than an eighth longer
 * than until its own time (and a second), so a day's worth of events makes at most a hundred groups.
 *
 * @param now milliseconds since 1970
 */
export function heldGroups(early: readonly EarlyEvent[], now: number): HeldGroup[] {
  const groups: { end: number; until: number; indexes: number[] }[] = [];
  for (const { index, time } of early.toSorted((a, b) => a.time - b.time)) {
    const until = time * 1_000;
    let group = groups.at(-1);
    if (group === undefined || until > group.end) {
      group = { end: until + 1_000 + (until - now) / 8, until, indexes: [] };
      groups.push(group);
    }
    group.until = until;
    group.indexes.push(index);
  }
  return groups.map(({ until, indexes }) => ({ until, indexes: indexes.toSorted((a, b) => a - b) }));
}
