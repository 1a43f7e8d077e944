import type { DayCount } from '@braze-mixpanel/storage';

const dayMs = 86_400_000;

/** Counts events by name and UTC day of their `time`. */
export class DayTally {
  readonly #days = new Map<number, Map<string, number>>();

  /** @param time UNIX seconds */
  add(event: string, time: number, count = 1): void {
    const number = Math.floor((time * 1_000) / dayMs);
    const day = this.#days.get(number) ?? new Map<string, number>();
    this.#days.set(number, day);
    day.set(event, (day.get(event) ?? 0) + count);
  }

  counts(): DayCount[] {
    return [...this.#days].flatMap(([number, events]) => {
      const day = new Date(number * dayMs).toISOString().slice(0, 10);
      return [...events].map(([event, count]) => ({ day, event, count }));
    });
  }
}
