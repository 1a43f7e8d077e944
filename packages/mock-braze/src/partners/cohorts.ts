/**
 * The cohorts imported by partners. Members are users that existed when they were sent: unknown IDs are
 * ignored, no user is created, and a user created later is not a member until it is sent again.
 */
import type { UserAlias } from '../users/user.ts';
import type { Users } from '../users/users.ts';
import { MemberSet } from './member-set.ts';

export interface Cohort {
  readonly cohortId: string;
  name: string;
  /** ISO 8601, as the partner sent it. */
  createdAt: string;
  readonly members: MemberSet;
}

export interface CohortChange {
  readonly userIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly aliases: readonly UserAlias[];
  readonly remove: boolean;
}

export class Cohorts {
  readonly #cohorts = new Map<string, Cohort>();
  readonly #users: Users;

  constructor(users: Users) {
    this.#users = users;
  }

  list(): Cohort[] {
    return [...this.#cohorts.values()];
  }

  get(cohortId: string): Cohort | undefined {
    return this.#cohorts.get(cohortId);
  }

  /** The cohort with this ID, or else those with this name, which is what the dashboard shows. */
  named(idOrName: string): Cohort[] {
    const known = this.get(idOrName);
    return known ? [known] : this.list().filter(cohort => cohort.name === idOrName);
  }

  /** Creates a cohort, or renames the one with this ID. */
  create(cohortId: string, name: string, createdAt: string): void {
    const known = this.#cohorts.get(cohortId);
    if (known) known.name = name;
    else this.#cohorts.set(cohortId, { cohortId, name, createdAt, members: new MemberSet() });
  }

  /**
   * Applies changes in order, so an ID that is added and removed in one request ends with the later change
   * (undocumented by Braze). Identified users are matched by external ID or alias, anonymous ones by device
   * ID. The device of an identified user is ignored.
   */
  change(cohort: Cohort, changes: readonly CohortChange[]): void {
    for (const change of changes) {
      for (const number of this.#matches(change)) {
        if (change.remove) cohort.members.delete(number);
        else cohort.members.add(number);
      }
    }
  }

  /** External IDs of the members; anonymous members have none. */
  *externalIds(cohort: Cohort): Generator<string> {
    for (const number of cohort.members) {
      const externalId = this.#users.externalId(number);
      if (externalId !== undefined) yield externalId;
    }
  }

  /** Creates a cohort with members given by Braze ID; unknown IDs are ignored here as well. */
  restore(cohortId: string, name: string, createdAt: string, brazeIds: readonly string[]): void {
    this.create(cohortId, name, createdAt);
    const { members } = this.get(cohortId)!;
    for (const braze_id of brazeIds) {
      for (const number of known(this.#users.find({ braze_id }))) members.add(number);
    }
  }

  /** Removes a deleted user from all cohorts. */
  forget(number: number): void {
    for (const { members } of this.#cohorts.values()) members.delete(number);
  }

  clear(): void {
    this.#cohorts.clear();
  }

  *#matches({ userIds, aliases, deviceIds }: CohortChange): Generator<number> {
    for (const external_id of userIds) yield* known(this.#users.find({ external_id }));
    for (const user_alias of aliases) yield* known(this.#users.find({ user_alias }));
    for (const device_id of deviceIds) {
      const number = this.#users.find({ device_id });
      if (number !== undefined && !this.#users.isIdentified(number)) yield number;
    }
  }
}

function known(number: number | undefined): number[] {
  return number === undefined ? [] : [number];
}
