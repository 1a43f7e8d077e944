/**
 * User profiles, and cohorts as lists of users.
 *
 * A profile belongs to the user, not to a cohort: given with a member it replaces the user's profile in every cohort, and a
 * user who leaves a cohort keeps it. A member may have no profile.
 */
export type Properties = Readonly<Record<string, unknown>>;

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
  /** Distinct ids. */
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
  readonly #profiles = new Map<string, Properties>();
  readonly #cohorts = new Map<number, Cohort & { readonly members: Set<string> }>();

  /** Makes a cohort, or replaces one; it keeps the moment of its creation. */
  put(id: number, { name, description, members }: NewCohort, now: number): Cohort {
    const createdAt = this.#cohorts.get(id)?.createdAt ?? now;
    const cohort = { id, name, description, createdAt, members: new Set<string>() };
    for (const member of members) this.#join(cohort.members, member);
    this.#cohorts.set(id, cohort);
    return cohort;
  }

  /** Users who are named in both lists stay out. Undefined when there is no such cohort. */
  change(
    id: number,
    add: Iterable<Member>,
    remove: Iterable<string>,
  ): { added: number; removed: number } | undefined {
    const members = this.#cohorts.get(id)?.members;
    if (members === undefined) return undefined;
    const before = members.size;
    for (const member of add) this.#join(members, member);
    const joined = members.size;
    for (const distinctId of remove) members.delete(distinctId);
    return { added: joined - before, removed: joined - members.size };
  }

  delete(id: number): boolean {
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

  setProfile(distinctId: string, properties: Properties): void {
    this.#profiles.set(distinctId, properties);
  }

  profiles(): Iterable<[distinctId: string, properties: Properties]> {
    return this.#profiles;
  }

  /** The members of a cohort, or everybody with a profile. Later changes do not show in it. */
  users(cohort?: Cohort): Users {
    const distinctIds = [...(cohort?.members ?? this.#profiles.keys())];
    return { distinctIds, profiles: distinctIds.map(id => this.#profiles.get(id)) };
  }

  reset(): void {
    this.#profiles.clear();
    this.#cohorts.clear();
  }

  #join(members: Set<string>, { distinctId, properties }: Member): void {
    members.add(distinctId);
    if (properties !== undefined) this.#profiles.set(distinctId, properties);
  }
}
