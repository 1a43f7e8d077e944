/** Numbers by series and day. */
export class DayNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #totals = new Map<string, number>();

  add(series: string, day: string, events: number): void {
    if (events === 0) return;
    const key = `${day} ${series}`;
    this.#numbers.set(key, (this.#numbers.get(key) ?? 0) + events);
    this.#totals.set(series, this.total(series) + events);
  }

  addAll(others: DayNumbers): void {
    for (const [key, events] of others.#numbers) {
      const day = key.slice(0, 'YYYY-MM-DD'.length);
      this.add(key.slice(day.length + 1), day, events);
    }
  }

  /** 0 where nothing was added. */
  of(series: string, day: string): number {
    return this.#numbers.get(`${day} ${series}`) ?? 0;
  }

  /** Of all days. */
  total(series: string): number {
    return this.#totals.get(series) ?? 0;
  }
}
