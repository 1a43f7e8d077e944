import type { IdentityLink } from './identity-events.ts';

/**
 * Which distinct ids are one person (Original ID Merge). Every id leads, in one step or more, to the canonical one, which is the
 * one that `$identify`, `$create_alias` or `$merge` named as the one to stay. Links are never taken back.
 */
export class Identities {
  readonly #leads = new Map<string, string>();
  readonly #listeners: ((link: IdentityLink) => void)[] = [];

  canonical(id: string): string {
    let last = id;
    for (let next = this.#leads.get(id); next !== undefined; next = this.#leads.get(last)) last = next;
    if (last !== id) this.#leads.set(id, last);
    return last;
  }

  /** Makes two people one; without effect when they are already. */
  join({ from, to }: IdentityLink): void {
    const link = { from: this.canonical(from), to: this.canonical(to) };
    if (link.from === link.to) return;
    this.#leads.set(link.from, link.to);
    for (const listener of this.#listeners) listener(link);
  }

  /** Calls back for every two people who become one, with their canonical ids until now. */
  onJoin(listener: (link: IdentityLink) => void): void {
    this.#listeners.push(listener);
  }

  list(): { distinct_id: string; canonical: string }[] {
    return [...this.#leads.keys()].map(id => ({ distinct_id: id, canonical: this.canonical(id) }));
  }

  reset(): void {
    this.#leads.clear();
  }
}
