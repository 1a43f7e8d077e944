/** Numbers by series and day. */
export class DayNumbers {
  readonly #numbers = new Map<string, number>();

  add(series: string, day: string, events: number): void {
    const key = `${day} ${series}`;
    this.#numbers.set(key, (this.#numbers.get(key) ?? 0) + events);
  }

  /** 0 where nothing was added. */
  of(series: string, day: string): number {
    return this.#numbers.get(`${day} ${series}`) ?? 0;
  }
}
