import type { Storing } from '../events/event-store.ts';
import type { Identities } from '../identity/identities.ts';
import type { ProfileStore } from '../profiles/profile-store.ts';
import type { CohortRule } from './cohort-rule.ts';
import { DueQueue } from './due-queue.ts';
import { EventTimes } from './event-times.ts';
import { matchesAll } from './property-filter.ts';

/**
 * The members of a cohort by rule, evaluated incrementally: an evaluation reads only users with new events, a
 * changed profile or an event that left the window. After the clock was set back, all users are evaluated
 * again.
 *
 * Users are canonical IDs. A rule with a required event is about users who did it; any other rule is about
 * users with a profile.
 */
export class RuleMembers {
  readonly rule: CohortRule;
  readonly #profiles: ProfileStore;
  readonly #identities: Identities;
  readonly #did: readonly EventTimes[];
  readonly #members = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #due = new DueQueue();
  /** Whether the rule is about all users with a profile, not only about users with an event. */
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

  /** The current members. The set changes with the next evaluation. */
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
