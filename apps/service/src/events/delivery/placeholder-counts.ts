/** Texts that are kept at once: enough to see what is wrong, whatever arrives. */
const most = 10;

/** What looked like a placeholder in external ids, cut short, with the events that had it. The first few texts only. */
export class PlaceholderCounts {
  readonly #events = new Map<string, number>();

  add(id: string, events: number): void {
    const before = this.#events.get(id);
    if (before === undefined && this.#events.size >= most) return;
    this.#events.set(id, (before ?? 0) + events);
  }

  addAll(others: PlaceholderCounts): void {
    for (const { id, events } of others.list()) this.add(id, events);
  }

  list(): { readonly id: string; readonly events: number }[] {
    return [...this.#events].map(([id, events]) => ({ id, events }));
  }
}
