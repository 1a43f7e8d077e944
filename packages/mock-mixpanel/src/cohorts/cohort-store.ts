import type { ProfileStore } from '../profiles/profile-store.ts';
import type { Properties } from '../profiles/properties.ts';
import type { CohortRule } from './cohort-rule.ts';
import type { RuleMembers } from './rule-members.ts';

export type { Properties } from '../profiles/properties.ts';

/**
 * Cohorts: lists of users, or rules that select users.
 *
 * A profile belongs to the user, not to a cohort: given with a member it replaces the user's profile in every
 * cohort, and remains when the user leaves a cohort. A member may have no profile.
 */
export interface Member {
  readonly distinctId: string;
  /** `undefined` leaves the profile unchanged. */
  readonly properties: Properties | undefined;
}

export interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** `undefined` for a list. */
  readonly rule: CohortRule | undefined;
  /** Distinct IDs; those of a rule are current, and change with the next evaluation. */
  readonly members: ReadonlySet<string>;
}

export interface NewCohort {
  readonly name: string;
  readonly description: string;
  readonly members: Iterable<Member>;
}

/** A snapshot of users, in the order in which they joined. */
export interface Users {
  readonly distinctIds: readonly string[];
  /** `undefined` for a user without a profile. */
  readonly profiles: readonly (Properties | undefined)[];
}

export class CohortStore {
  readonly #profiles: ProfileStore;
  readonly #clock: { now(): number };
  readonly #cohorts = new Map<number, Cohort>();
  /** The members of the cohorts by list. */
  readonly #lists = new Map<number, Set<string>>();

  constructor(profiles: ProfileStore, clock: { now(): number }) {
    this.#profiles = profiles;
    this.#clock = clock;
  }

  /** Creates or replaces a cohort. A replaced one keeps its creation time. */
  put(id: number, { name, description, members }: NewCohort, now: number): Cohort {
    const list = new Set<string>();
    for (const member of members) this.#join(list, member);
    this.#lists.set(id, list);
    return this.#keep({ id, name, description, createdAt: now, rule: undefined, members: list });
  }

  /** Creates or replaces a cohort by rule. */
  putRule(
    id: number,
    { name, description }: Pick<Cohort, 'name' | 'description'>,
    byRule: RuleMembers,
    now: number,
  ): Cohort {
    const clock = this.#clock;
    this.#lists.delete(id);
    return this.#keep({
      ...{ id, name, description, createdAt: now, rule: byRule.rule },
      get members() {
        return byRule.members(clock.now());
      },
    });
  }

  /**
   * Adds and removes members; a user in both lists is removed. Returns `undefined` if there is no such cohort
   * by list.
   */
  change(
    id: number,
    add: Iterable<Member>,
    remove: Iterable<string>,
  ): { added: number; removed: number } | undefined {
    const members = this.#lists.get(id);
    if (members === undefined) return undefined;
    const before = members.size;
    for (const member of add) this.#join(members, member);
    const joined = members.size;
    for (const distinctId of remove) members.delete(distinctId);
    return { added: joined - before, removed: joined - members.size };
  }

  /** Removes users from every cohort by list. */
  forget(isGone: (distinctId: string) => boolean): void {
    for (const list of this.#lists.values()) for (const id of list) if (isGone(id)) list.delete(id);
  }

  delete(id: number): boolean {
    this.#lists.delete(id);
    return this.#cohorts.delete(id);
  }

  get(id: number): Cohort | undefined {
    return this.#cohorts.get(id);
  }

  list(): Cohort[] {
    return [...this.#cohorts.values()].sort((one, other) => one.id - other.id);
  }

  profileOf(distinctId: string): Properties | undefined {
    return this.#profiles.get(distinctId);
  }

  /** A snapshot of the members of a cohort, or of all users with a profile. */
  users(cohort?: Cohort): Users {
    const distinctIds = [...(cohort?.members ?? this.#profiles.ids())];
    return { distinctIds, profiles: distinctIds.map(id => this.#profiles.get(id)) };
  }

  reset(): void {
    this.#lists.clear();
    this.#cohorts.clear();
  }

  #keep(cohort: Cohort): Cohort {
    const before = this.#cohorts.get(cohort.id);
    if (before !== undefined) Object.assign(cohort, { createdAt: before.createdAt });
    this.#cohorts.set(cohort.id, cohort);
    return cohort;
  }

  #join(members: Set<string>, { distinctId, properties }: Member): void {
    members.add(distinctId);
    if (properties !== undefined) this.#profiles.set(distinctId, properties);
  }
}
