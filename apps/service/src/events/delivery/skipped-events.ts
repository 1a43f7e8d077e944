import { eventNameOf, type MappingOptions, secondsOf } from '@braze-mixpanel/core/mapping';

/** Skipped events of one name and reason within a quarter of an hour, the smallest step of a time zone. */
export interface SkippedEvents {
  readonly event: string;
  readonly reason: string;
  /** UNIX seconds, the beginning of the quarter. */
  readonly time: number;
  count: number;
  /** IDs of those that have one. */
  readonly ids: string[];
}

const quarterSeconds = 900;

/** Counts skipped events by name, reason and quarter of an hour. */
export class SkippedTally {
  readonly #counts = new Map<string, SkippedEvents>();

  /** @param now milliseconds since 1970: the time of an event whose own is unusable */
  add(original: unknown, options: MappingOptions, reason: string, now: number): void {
    const event = eventNameOf(original, options);
    const time = timeOf(original) ?? now / 1_000;
    const quarter = Math.floor(time / quarterSeconds) * quarterSeconds;
    const key = `${quarter}\n${reason}\n${event}`;
    const known = this.#counts.get(key);
    const counted = known ?? { event, reason, time: quarter, count: 0, ids: [] };
    if (known === undefined) this.#counts.set(key, counted);
    counted.count += 1;
    const id = idOf(original);
    if (id !== undefined) counted.ids.push(id);
  }

  list(): readonly SkippedEvents[] {
    return [...this.#counts.values()];
  }
}

/** ID of an event; `undefined` where it has none. */
export function idOf(original: unknown): string | undefined {
  if (typeof original !== 'object' || original === null) return undefined;
  const { id } = original as { id?: unknown };
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** UNIX seconds of an event; `undefined` where it has no usable time. */
export function timeOf(original: unknown): number | undefined {
  if (typeof original !== 'object' || original === null) return undefined;
  return secondsOf((original as { time?: unknown }).time);
}
