import type { ProfileStore } from '../profiles/profile-store.ts';
import type { Properties } from '../profiles/properties.ts';
import type { CohortRule } from './cohort-rule.ts';
import type { RuleMembers } from './rule-members.ts';

export type { Properties } from '../profiles/properties.ts';

/**
 * Cohorts: lists of users, or rules that say who belongs.
 *
 * A profile belongs to the user, not to a cohort: given with a member it replaces the user's profile in every cohort, and a
 * user who leaves a cohort keeps it. A member may have no profile.
 */
export interface Member {
  readonly distinctId: string;
  /** Undefined leaves the profile as it is. */
  readonly properties: Properties | undefined;
}

export interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Undefined for a list. */
  readonly rule: CohortRule | undefined;
  /** Distinct ids; those of a rule are as of now, and change with the next look. */
  readonly members: ReadonlySet<string>;
}

export interface NewCohort {
  readonly name: string;
  readonly description: string;
  readonly members: Iterable<Member>;
}

/** Users at one moment, in the order in which they joined. */
export interface Users {
  readonly distinctIds: readonly string[];
  /** Undefined for a user without a profile. */
  readonly profiles: readonly (Properties | undefined)[];
}

export class CohortStore {
  readonly #profiles: ProfileStore;
  readonly #clock: { now(): number };
  readonly #cohorts = new Map<number, Cohort>();
  /** The members of the cohorts that are lists. */
  readonly #lists = new Map<number, Set<string>>();

  constructor(profiles: ProfileStore, clock: { now(): number }) {
    this.#profiles = profiles;
    this.#clock = clock;
  }

  /** Makes a cohort, or replaces one; it keeps the moment of its creation. */
  put(id: number, { name, description, members }: NewCohort, now: number): Cohort {
    const list = new Set<string>();
    for (const member of members) this.#join(list, member);
    this.#lists.set(id, list);
    return this.#keep({ id, name, description, createdAt: now, rule: undefined, members: list });
  }

  /** The same with a rule. */
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

  /** Users who are named in both lists stay out. Undefined when there is no such list. */
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

  /** The members of a cohort, or everybody with a profile. Later changes do not show in it. */
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
