/** Counts of the files of a storage Current, and the next offset. */
export class WrittenFiles {
  readonly #counts = { written: 0, repeated: 0, late: 0, corrupt: 0, truncated: 0, unreadable: 0 };
  #offset = 0;

  /** The offset of a file with so many events. */
  takeOffset(events: number): number {
    const offset = this.#offset;
    this.#offset += events;
    return offset;
  }

  /** @param files more files; `unreadable` counts events */
  add(more: Partial<ReturnType<WrittenFiles['report']>>): void {
    for (const [name, count] of Object.entries(more)) this.#counts[name as keyof typeof more] += count;
  }

  report() {
    return { ...this.#counts };
  }
}
