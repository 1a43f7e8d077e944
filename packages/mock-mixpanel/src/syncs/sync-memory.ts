import type { Properties, Users } from '../cohorts/cohort-store.ts';

/** How long Mixpanel keeps the snapshot of a sync that succeeded: simulated milliseconds. */
const snapshotLife = 3 * 24 * 3_600_000;

/**
 * What a sync remembers between two runs.
 *
 * - The snapshot is the keys of the last run that *succeeded*. After three days it is gone, and the next run is full.
 * - After a run that failed midway the next one starts again from the top: full, so users are sent again. The keys that the
 *   failed run may have brought in are kept as uncertain, so that those who left meanwhile are taken out.
 */
export class SyncMemory {
  #snapshot: { readonly at: number; readonly keys: ReadonlySet<string> } | undefined;
  #uncertain: ReadonlySet<string> | undefined;

  /** When the snapshot was taken and how many keys it has, while it is kept. */
  snapshot(now: number): { at: number; size: number } | undefined {
    const kept = this.#kept(now);
    return kept && { at: kept.at, size: kept.keys.size };
  }

  /** What must be sent so that the destination knows exactly `keys`. */
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

  /** @param keys what the run may have brought in. */
  failed(keys: ReadonlySet<string>): void {
    this.#uncertain = this.#uncertain === undefined ? keys : this.#uncertain.union(keys);
  }

  #kept(now: number) {
    if (this.#snapshot !== undefined && now - this.#snapshot.at > snapshotLife) this.#snapshot = undefined;
    return this.#snapshot;
  }
}

/** The keys under which a destination knows these users; two users with one key are one. */
export function keysOf(
  { distinctIds, profiles }: Users,
  keyOf: (distinctId: string, profile: Properties | undefined) => string,
): Set<string> {
  return new Set(distinctIds.map((distinctId, index) => keyOf(distinctId, profiles[index])));
}
