/** A quarter of an hour in seconds, the smallest step of a time zone. */
export const quarterSeconds = 900;
const daySeconds = 86_400;
const quarters = daySeconds / quarterSeconds;

/** Counts of events by name and quarter of an hour: 384 bytes for each name and UTC day that has any. */
export class QuarterCounts {
  readonly #days = new Map<string, Map<number, Uint32Array>>();

  /** @param time UNIX seconds */
  add(event: string, time: number, count = 1): void {
    const day = Math.floor(time / daySeconds);
    const days = this.#days.get(event) ?? new Map<number, Uint32Array>();
    const counts = days.get(day) ?? new Uint32Array(quarters);
    counts[Math.floor((time - day * daySeconds) / quarterSeconds)]! += count;
    days.set(day, counts);
    this.#days.set(event, days);
  }

  /** Events of a name from one time to another, exclusive: UNIX seconds, of whole quarters. */
  between(event: string, from: number, to: number): number {
    const days = this.#days.get(event);
    let sum = 0;
    for (let day = Math.floor(from / daySeconds); day * daySeconds < to; day += 1) {
      const counts = days?.get(day);
      if (counts === undefined) continue;
      const first = Math.max(0, (from - day * daySeconds) / quarterSeconds);
      const end = Math.min(quarters, (to - day * daySeconds) / quarterSeconds);
      for (let quarter = first; quarter < end; quarter += 1) sum += counts[quarter]!;
    }
    return sum;
  }
}
