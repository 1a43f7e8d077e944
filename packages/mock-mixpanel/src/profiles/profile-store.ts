import { changed, type ProfileChange } from './profile-change.ts';
import type { Properties } from './properties.ts';

/**
 * Profiles by ID: of users (distinct IDs) or of groups. A user with properties has a profile until it is
 * deleted; a profile may be empty.
 */
export class ProfileStore {
  readonly #profiles = new Map<string, Properties>();
  readonly #listeners: ((id: string) => void)[] = [];

  /** Number of profiles. */
  get size(): number {
    return this.#profiles.size;
  }

  get(id: string): Properties | undefined {
    return this.#profiles.get(id);
  }

  /** Replaces a profile as a whole. */
  set(id: string, properties: Properties): void {
    this.#profiles.set(id, properties);
    this.#tell(id);
  }

  /** Changes or creates a profile; `$delete` removes it. */
  change(id: string, change: ProfileChange): void {
    const next = changed(this.#profiles.get(id), change);
    if (next === undefined) this.#profiles.delete(id);
    else this.#profiles.set(id, next);
    this.#tell(id);
  }

  /** Merges the profile of `from` into that of `to`, whose properties win. */
  join(from: string, to: string): void {
    const old = this.#profiles.get(from);
    if (old === undefined) return;
    this.#profiles.delete(from);
    this.set(to, { ...old, ...this.#profiles.get(to) });
  }

  /** Subscribes to changes, with the ID of each changed profile. */
  onChange(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  has(id: string): boolean {
    return this.#profiles.has(id);
  }

  ids(): Iterable<string> {
    return this.#profiles.keys();
  }

  entries(): MapIterator<[id: string, properties: Properties]> {
    return this.#profiles.entries();
  }

  reset(): void {
    this.#profiles.clear();
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
