import type { IdentityLink } from './identity-events.ts';

/**
 * Merged distinct IDs (Original ID Merge). Every ID leads, in one or more steps, to the canonical one: the ID
 * that `$identify`, `$create_alias` or `$merge` chose to keep. Merges are permanent.
 */
export class Identities {
  readonly #leads = new Map<string, string>();
  /** The number of IDs of merged users, by canonical ID. */
  readonly #sizes = new Map<string, number>();
  readonly #listeners: ((link: IdentityLink) => void)[] = [];

  canonical(id: string): string {
    let last = id;
    for (let next = this.#leads.get(id); next !== undefined; next = this.#leads.get(last)) last = next;
    if (last !== id) this.#leads.set(id, last);
    return last;
  }

  /** Whether an ID was merged into another one. */
  isMerged(id: string): boolean {
    return this.#leads.has(id);
  }

  /** The number of IDs of the user with this ID. */
  size(id: string): number {
    return this.#sizes.get(this.canonical(id)) ?? 1;
  }

  /** Merges two users; no effect if they are already merged. */
  join({ from, to }: IdentityLink): void {
    const link = { from: this.canonical(from), to: this.canonical(to) };
    if (link.from === link.to) return;
    this.#sizes.set(link.to, this.size(link.to) + this.size(link.from));
    this.#sizes.delete(link.from);
    this.#leads.set(link.from, link.to);
    for (const listener of this.#listeners) listener(link);
  }

  /** Subscribes to merges, with the canonical IDs before the merge. */
  onJoin(listener: (link: IdentityLink) => void): void {
    this.#listeners.push(listener);
  }

  /** Forgets the merges of users, given by their canonical IDs. */
  forget(users: ReadonlySet<string>): void {
    const merged = [...this.#leads.keys()].filter(id => users.has(this.canonical(id)));
    for (const id of merged) this.#leads.delete(id);
    for (const user of users) this.#sizes.delete(user);
  }

  list(): { distinct_id: string; canonical: string }[] {
    return [...this.#leads.keys()].map(id => ({ distinct_id: id, canonical: this.canonical(id) }));
  }

  reset(): void {
    this.#leads.clear();
    this.#sizes.clear();
  }
}
