/**
 * What is to be done and when: ordered by time, then by the order in which it was entered.
 * The queue has no clock; its owner asks for what is due.
 */
export type Job = () => void | Promise<void>;

export interface Entry {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  readonly job: Job;
}

export class TimerQueue {
  readonly #entries: Entry[] = [];
  #order = 0;

  /** Enters a job and gives what takes it out again (without effect once it was taken). */
  add(at: number, job: Job, name: string): () => void {
    const entry: Entry = { at, order: this.#order++, name, job };
    const later = this.#entries.findIndex(other => other.at > at);
    this.#entries.splice(later === -1 ? this.#entries.length : later, 0, entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index !== -1) this.#entries.splice(index, 1);
    };
  }

  /** The number that the next entry will carry: `takeDue` with it leaves alone whatever is entered from now on. */
  mark(): number {
    return this.#order;
  }

  takeDue(now: number, before = Number.POSITIVE_INFINITY): Entry | undefined {
    const index = this.#entries.findIndex(entry => entry.at > now || entry.order < before);
    const entry = this.#entries[index];
    if (entry === undefined || entry.at > now) return undefined;
    this.#entries.splice(index, 1);
    return entry;
  }

  get nextDue(): number | null {
    return this.#entries[0]?.at ?? null;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
