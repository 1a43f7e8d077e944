import type { Properties, Users } from '../cohorts/cohort-store.ts';

/** How long Mixpanel keeps the snapshot of a successful sync, in simulated milliseconds. */
const snapshotLife = 3 * 24 * 3_600_000;

/**
 * The state of a sync between two runs.
 *
 * - The snapshot is the set of keys of the last *successful* run. It expires after three days, and the next
 *   run is then full.
 * - After a failed run the next one is full as well, so users are sent again. The keys that the failed run
 *   may have added are kept as uncertain, so that those of users who left meanwhile are removed.
 */
export class SyncMemory {
  #snapshot: { readonly at: number; readonly keys: ReadonlySet<string> } | undefined;
  #uncertain: ReadonlySet<string> | undefined;

  /** The time and size of the snapshot, while it is kept. */
  snapshot(now: number): { at: number; size: number } | undefined {
    const kept = this.#kept(now);
    return kept && { at: kept.at, size: kept.keys.size };
  }

  /** The export after which the destination has exactly `keys`. */
  compare(
    keys: ReadonlySet<string>,
    now: number,
  ): { kind: 'full' | 'difference'; join: string[]; leave: string[] } {
    const kept = this.#kept(now)?.keys;
    const uncertain = this.#uncertain ?? new Set();
    const known = kept === undefined ? uncertain : kept.union(uncertain);
    const leave = [...known].filter(key => !keys.has(key));
    if (kept === undefined || this.#uncertain !== undefined) return { kind: 'full', join: [...keys], leave };
    return { kind: 'difference', join: [...keys].filter(key => !kept.has(key)), leave };
  }

  succeeded(keys: ReadonlySet<string>, at: number): void {
    this.#snapshot = { at, keys };
    this.#uncertain = undefined;
  }

  /** Records a failed run. @param keys those that the run may have added. */
  failed(keys: ReadonlySet<string>): void {
    this.#uncertain = this.#uncertain === undefined ? keys : this.#uncertain.union(keys);
  }

  #kept(now: number) {
    if (this.#snapshot !== undefined && now - this.#snapshot.at > snapshotLife) this.#snapshot = undefined;
    return this.#snapshot;
  }
}

/** The keys of these users at the destination; users with the same key count once. */
export function keysOf(
  { distinctIds, profiles }: Users,
  keyOf: (distinctId: string, profile: Properties | undefined) => string,
): Set<string> {
  return new Set(distinctIds.map((distinctId, index) => keyOf(distinctId, profiles[index])));
}
