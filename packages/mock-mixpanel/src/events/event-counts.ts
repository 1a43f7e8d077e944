import type { ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';

/** Offsets of time zones are multiples of a quarter of an hour. */
const slotSeconds = 900;

/**
 * The numbers of events by name and quarter of an hour, from which the days of any time zone follow. Memory depends on the
 * quarters with events, not on the number of events.
 */
export class EventCounts {
  readonly #counts = new Map<string, Map<number, number>>();

  /** Counts an event at its time, in seconds since 1970; `by` -1 takes it away. */
  add(name: string, seconds: number, by: 1 | -1 = 1): void {
    const slots = this.#counts.get(name) ?? new Map<number, number>();
    this.#counts.set(name, slots);
    const slot = Math.floor(seconds / slotSeconds);
    const count = (slots.get(slot) ?? 0) + by;
    if (count > 0) slots.set(slot, count);
    else slots.delete(slot);
  }

  /** The number of events of a name on each of the days (`YYYY-MM-DD`) in a time zone; 0 without any. */
  ofDays(name: string, days: readonly string[], zone: ProjectTimeZone): Map<string, number> {
    const counts = new Map(days.map(day => [day, 0]));
    for (const [slot, count] of this.#counts.get(name) ?? []) {
      const day = zone.dayOf(slot * slotSeconds * 1_000);
      const before = counts.get(day);
      if (before !== undefined) counts.set(day, before + count);
    }
    return counts;
  }

  /** Whether an event of this name was counted. */
  has(name: string): boolean {
    return (this.#counts.get(name)?.size ?? 0) > 0;
  }

  reset(): void {
    this.#counts.clear();
  }
}
