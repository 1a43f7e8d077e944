import type { Storing } from '../events/event-store.ts';
import type { Identities } from '../identity/identities.ts';
import type { ProfileStore } from '../profiles/profile-store.ts';
import type { CohortRule } from './cohort-rule.ts';
import { DueQueue } from './due-queue.ts';
import { EventTimes } from './event-times.ts';
import { matchesAll } from './property-filter.ts';

/**
 * The members of a cohort by rule, kept up to date in small steps: an evaluation looks only at users who did something since the
 * last one, whose profile changed, or for whom an event left the window. A clock that was set back has everybody looked at again.
 *
 * Users are canonical ids. A rule that asks for at least one event is about users who did it; any other is about users with a profile.
 */
export class RuleMembers {
  readonly rule: CohortRule;
  readonly #profiles: ProfileStore;
  readonly #identities: Identities;
  readonly #did: readonly EventTimes[];
  readonly #members = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #due = new DueQueue();
  /** Whether it is about users with a profile, and not only about those who did something. */
  readonly #anyProfile: boolean;
  #evaluatedAt = Number.POSITIVE_INFINITY;

  constructor(rule: CohortRule, profiles: ProfileStore, identities: Identities) {
    this.rule = rule;
    this.#profiles = profiles;
    this.#identities = identities;
    this.#did = rule.did.map(did => new EventTimes(did));
    this.#anyProfile = !rule.did.some(({ atLeast }) => atLeast > 0);
  }

  observeEvent(storing: Storing): void {
    if (!this.rule.did.some(did => did.event === storing.name)) return;
    const user = this.#identities.canonical(String(storing.event().properties.distinct_id));
    if (user === '') return;
    for (const times of this.#did) if (times.observe(user, storing)) this.#touched.add(user);
  }

  observeProfile(user: string): void {
    if (this.#anyProfile || this.rule.profile.length > 0) this.#touched.add(user);
  }

  join(from: string, to: string): void {
    for (const times of this.#did) times.join(from, to);
    this.#touched.add(from).add(to);
  }

  /** Who belongs to it now. The set changes with the next evaluation. */
  members(now: number): ReadonlySet<string> {
    if (now < this.#evaluatedAt) this.#touchEverybody();
    this.#evaluatedAt = now;
    for (const user of this.#due.takeDue(now)) this.#touched.add(user);
    for (const user of this.#touched) this.#evaluate(user, now);
    this.#touched.clear();
    return this.#members;
  }

  #evaluate(user: string, now: number): void {
    let belongs = !this.#anyProfile || this.#profiles.has(user);
    let changesAt = Number.POSITIVE_INFINITY;
    for (const [index, did] of this.rule.did.entries()) {
      const counted = this.#did[index]?.count(user, now);
      if (counted === undefined) continue;
      belongs &&= counted.count >= did.atLeast && counted.count <= did.atMost;
      changesAt = Math.min(changesAt, counted.changesAt);
    }
    belongs &&= matchesAll(this.rule.profile, this.#profiles.get(user));
    if (belongs) this.#members.add(user);
    else this.#members.delete(user);
    if (changesAt < Number.POSITIVE_INFINITY) this.#due.add(changesAt, user);
  }

  #touchEverybody(): void {
    this.#due.clear();
    this.#members.clear();
    for (const times of this.#did) for (const user of times.users()) this.#touched.add(user);
    if (this.#anyProfile) for (const user of this.#profiles.ids()) this.#touched.add(user);
  }
}
