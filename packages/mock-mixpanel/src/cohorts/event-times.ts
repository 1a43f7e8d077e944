import type { Storing } from '../events/event-store.ts';
import type { Did } from './cohort-rule.ts';
import { matchesAll } from './property-filter.ts';

/**
 * The times of one action per user, without duplicates, sorted, in milliseconds since 1970.
 *
 * Two events of one identity count once. The newer one decides whether they count at all, since its
 * properties may no longer meet `where`.
 */
export class EventTimes {
  readonly #did: Did;
  readonly #times = new Map<string, number[]>();
  /** Identities that count; not needed without `where`, since a duplicate then changes nothing. */
  readonly #counted = new Set<string>();

  constructor(did: Did) {
    this.#did = did;
  }

  /** Adds an event. Returns whether something changed for the user. */
  observe(user: string, { name, identity, isDuplicate, event }: Storing): boolean {
    const { where } = this.#did;
    if (name !== this.#did.event) return false;
    const { properties } = event();
    const at = Number(properties.time) * 1000;
    if (where.length === 0) return !isDuplicate && this.#add(user, at);
    const counts = matchesAll(where, properties);
    if (this.#counted.has(identity) === counts) return false;
    if (counts) {
      this.#counted.add(identity);
      return this.#add(user, at);
    }
    this.#counted.delete(identity);
    return this.#remove(user, at);
  }

  users(): Iterable<string> {
    return this.#times.keys();
  }

  /** The count within the window that ends now, and the time at which it changes next without new events. */
  count(user: string, now: number): { count: number; changesAt: number } {
    const times = this.#times.get(user);
    if (times === undefined) return { count: 0, changesAt: Number.POSITIVE_INFINITY };
    const { within } = this.#did;
    const first = firstAfter(times, now - within);
    const end = firstAfter(times, now);
    const leaves =
      first < end ? (times[first] ?? Number.POSITIVE_INFINITY) + within : Number.POSITIVE_INFINITY;
    return { count: end - first, changesAt: Math.min(leaves, times[end] ?? Number.POSITIVE_INFINITY) };
  }

  join(from: string, to: string): void {
    const times = this.#times.get(from);
    if (times === undefined) return;
    this.#times.delete(from);
    this.#times.set(
      to,
      [...times, ...(this.#times.get(to) ?? [])].sort((one, other) => one - other),
    );
  }

  #add(user: string, at: number): boolean {
    const times = this.#times.get(user);
    if (times === undefined) this.#times.set(user, [at]);
    else if ((times.at(-1) ?? at) <= at) times.push(at);
    else times.splice(firstAfter(times, at), 0, at);
    return true;
  }

  #remove(user: string, at: number): boolean {
    const times = this.#times.get(user);
    const index = times?.lastIndexOf(at) ?? -1;
    if (times === undefined || index === -1) return false;
    times.splice(index, 1);
    return true;
  }
}

/** The index of the first later time. */
function firstAfter(times: readonly number[], moment: number): number {
  let from = 0;
  let to = times.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((times[middle] ?? 0) > moment) to = middle;
    else from = middle + 1;
  }
  return from;
}
