import { secondsOf } from '@braze-mixpanel/core/mapping';
import { identityOf } from '@braze-mixpanel/core/mixpanel';
import type { BrazeUser, BrazeUsers, NewDeleteRequest } from '@braze-mixpanel/storage';
import { externalIdOf } from '../../events/body/external-ids.ts';
import { eventsOf } from '../../events/body/stored-body.ts';
import type { MappedRow } from '../../events/delivery/map-rows.ts';
import type { Tombstones } from '../tombstones.ts';

export interface BrazeUserMapOptions {
  readonly store: Pick<BrazeUsers, 'put' | 'merge' | 'request' | 'forget'>;
  readonly tombstones: Pick<Tombstones, 'brazeDigests' | 'has' | 'refresh'>;
  /** `KEEP_ID_MAP` of the present configuration. */
  readonly keeps: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Pairs that are known to be written, about 200 bytes each in memory; they are dropped every hour, or if there are more. */
const mostKnown = 50_000;
const knownMs = 3_600_000;
/** Seconds by which the time of a pair may be behind. */
const coarseness = 600;
/**
 * Seconds after which a request is late, as in a back-fill: later events of a user who came back may be from before the
 * map, or in files that are not read yet.
 */
const lateAfter = 7 * 86_400;
/** Longest ID that is remembered, in characters. */
const longestId = 1_000;

/**
 * Remembers external IDs by Braze's own user IDs, and the requests of Braze to delete users, which name no other ID.
 * Both are stored before an event of the row is sent, so that a crash repeats and loses nothing. Off, it looks at no row.
 */
export class BrazeUserMap {
  readonly #options: BrazeUserMapOptions;
  #known = new Map<string, number>();
  #knownSince = Number.NEGATIVE_INFINITY;

  constructor(options: BrazeUserMapOptions) {
    this.#options = options;
  }

  /** Stores what rows have that are about to be delivered. @throws StorageError */
  async note(rows: readonly Pick<MappedRow, 'batch' | 'shadow'>[]): Promise<void> {
    const { store, tombstones, keeps, now } = this.#options;
    if (!keeps()) return;
    const digestOf = await tombstones.brazeDigests();
    this.#dropOldKnown();
    const pairs = new Map<string, BrazeUser>();
    const requests = new Map<string, NewDeleteRequest>();
    const merges: [string, string][] = [];
    for (const { batch, shadow } of rows)
      for (const event of eventsOf(batch.body)) {
        const id = idOf(valueAt(valueAt(event, 'user'), 'user_id'));
        if (id === undefined) continue;
        const braze = digestOf(id);
        // A time ahead of the clock would keep a pair for ever.
        const atNow = Math.floor(now() / 1_000);
        const seen = Math.min(secondsOf(valueAt(event, 'time')) ?? atNow, atNow);
        const identity = identityOf(externalIdOf(event));
        if (identity.kind === 'id' && identity.id.length <= longestId) {
          const externalId = identity.id.toWellFormed();
          const key = `${braze}\n${externalId}`;
          const known = this.#known.get(key);
          const isNew = known === undefined || seen >= known + coarseness;
          if (isNew && (pairs.get(key)?.seen ?? -1) < seen) pairs.set(key, { braze, externalId, seen });
        }
        // In shadow mode the events are another sender's, too.
        if (shadow) continue;
        const type = valueAt(event, 'event_type');
        const state = atNow - seen > lateAfter ? 'late' : 'waiting';
        if (type === 'users.UserDeleteRequest') requests.set(braze, { braze, at: seen, state });
        if (type !== 'users.UserOrphan') continue;
        const into = idOf(valueAt(valueAt(event, 'properties'), 'orphaned_by_id'));
        if (into !== undefined) merges.push([braze, digestOf(into)]);
      }
    if (pairs.size > 0) await store.put([...pairs.values()]);
    for (const [key, { seen }] of pairs) this.#known.set(key, seen);
    await this.#forgetMeanwhile(pairs.values());
    for (const [from, into] of merges) await store.merge(from, into);
    if (requests.size > 0) await store.request([...requests.values()]);
    if (merges.length > 0) this.#known.clear();
  }

  /** Deletes the pairs of an external ID. @throws StorageError */
  async forget(externalId: string): Promise<number> {
    this.#known.clear();
    return this.#options.store.forget(externalId.toWellFormed());
  }

  /** A user may be forgotten while their events are on the way. */
  async #forgetMeanwhile(pairs: Iterable<BrazeUser>): Promise<void> {
    const { tombstones, store } = this.#options;
    await tombstones.refresh();
    for (const { externalId } of pairs) if (tombstones.has(externalId)) await store.forget(externalId);
  }

  #dropOldKnown(): void {
    const now = this.#options.now();
    const isOld = now - this.#knownSince >= knownMs || now < this.#knownSince;
    if (!isOld && this.#known.size < mostKnown) return;
    this.#known = new Map();
    this.#knownSince = now;
  }
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longestId ? value : undefined;

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
