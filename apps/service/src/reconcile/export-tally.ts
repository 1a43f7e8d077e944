import type { ExportedEvent } from './raw-export.ts';
import { SeenSet } from './seen-set.ts';

/** Events of one name and UTC day in Mixpanel. */
export interface ExportCount {
  readonly day: string;
  readonly event: string;
  /** As sent: the raw export has every copy. */
  raw: number;
  /** As shown in Mixpanel, each `$insert_id` once. */
  unique: number;
  /**
   * Of these, events that happened to the same user in the same second as another, under another
   * `$insert_id`.
   */
  twins: number;
}

const dayMs = 86_400_000;

/**
 * Counts of exported events, in memory that does not grow with their number.
 *
 * De-duplicated as Mixpanel does at compaction: by event, distinct id, `$insert_id` and calendar day.
 * `complete` is `false` once there were more events than fit into memory: the counts of unique ones are then
 * too high.
 *
 * Source: Mixpanel, "Import Events" (de-duplication); the raw export is never de-duplicated.
 */
export class ExportTally {
  readonly #counts = new Map<string, ExportCount>();
  readonly #identities: SeenSet;
  readonly #moments: SeenSet;
  #dayNumber = Number.NaN;
  #day = '';
  complete = true;

  /** @param places slots of each of its two sets, a power of two of 8 bytes each */
  constructor(places = 2 ** 21) {
    this.#identities = new SeenSet(places);
    this.#moments = new SeenSet(places);
  }

  /** Whether it was not there before. */
  add({ event, time, distinctId, insertId }: ExportedEvent): boolean {
    const day = this.#dayOf(Math.floor((time * 1_000) / dayMs));
    const count = this.#countOf(day, event);
    count.raw += 1;
    const subject = `${distinctId.length}\n${distinctId}\n${event}`;
    const identity = this.#identities.add(`${insertId}\n${day}\n${subject}`);
    if (identity === 'seen') return false;
    count.unique += 1;
    // The text of a number is kept in a cache, so each of these would outlive a collection; that of toFixed is not.
    const moment = this.#moments.add(`${time.toFixed(3)}\n${subject}`);
    if (moment === 'seen') count.twins += 1;
    if (identity === 'full' || moment === 'full') this.complete = false;
    return true;
  }

  /** Begins anew, in the memory that is there already. */
  clear(): void {
    this.#counts.clear();
    this.#identities.clear();
    this.#moments.clear();
    this.complete = true;
  }

  counts(): ExportCount[] {
    return [...this.#counts.values()];
  }

  /** `YYYY-MM-DD`; most events are of the same day as the one before. */
  #dayOf(number: number): string {
    if (number !== this.#dayNumber) {
      this.#dayNumber = number;
      this.#day = new Date(number * dayMs).toISOString().slice(0, 10);
    }
    return this.#day;
  }

  #countOf(day: string, event: string): ExportCount {
    const key = `${day} ${event}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const count: ExportCount = { day, event, raw: 0, unique: 0, twins: 0 };
    this.#counts.set(key, count);
    return count;
  }
}
