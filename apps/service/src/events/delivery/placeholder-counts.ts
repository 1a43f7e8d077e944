/** Maximum of texts: enough to find the cause, and bounded for any input. */
const most = 10;

/**
 * Texts in external IDs that look like placeholders, truncated, with the number of events that have them.
 * Only the first few texts are kept.
 */
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
