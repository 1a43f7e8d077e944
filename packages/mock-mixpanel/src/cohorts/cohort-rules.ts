import type { EventStore, Storing } from '../events/event-store.ts';
import { identityOf } from '../events/stored-event.ts';
import type { Identities } from '../identity/identities.ts';
import type { ProfileStore } from '../profiles/profile-store.ts';
import type { CohortRule } from './cohort-rule.ts';
import type { Cohort, CohortStore } from './cohort-store.ts';
import { RuleMembers } from './rule-members.ts';

export interface RuleSurroundings {
  readonly events: EventStore;
  readonly profiles: ProfileStore;
  readonly identities: Identities;
  readonly cohorts: CohortStore;
}

/**
 * Keeps the cohorts by rule up to date with events, profiles and identities. A new rule first reads all
 * stored events.
 */
export class CohortRules {
  readonly #surroundings: RuleSurroundings;
  readonly #rules = new Map<number, RuleMembers>();
  /** Events received while a rule reads the stored ones, counted afterwards. */
  readonly #waiting = new Map<RuleMembers, Storing[]>();

  constructor(surroundings: RuleSurroundings) {
    const { events, profiles, identities } = surroundings;
    this.#surroundings = surroundings;
    events.onStored(storing => {
      for (const rule of this.#rules.values()) rule.observeEvent(storing);
      for (const queue of this.#waiting.values()) queue.push(storing);
    });
    profiles.onChange(id => {
      for (const rule of this.#everyRule()) rule.observeProfile(id);
    });
    identities.onJoin(({ from, to }) => {
      for (const rule of this.#everyRule()) rule.join(from, to);
    });
  }

  /** Creates or replaces a cohort by rule, after every stored event was read. */
  async put(
    id: number,
    naming: Pick<Cohort, 'name' | 'description'>,
    rule: CohortRule,
    now: number,
  ): Promise<Cohort> {
    const { events, profiles, identities, cohorts } = this.#surroundings;
    const members = new RuleMembers(rule, profiles, identities);
    const queue: Storing[] = [];
    this.#waiting.set(members, queue);
    try {
      for await (const batch of events.readUnique(rule.did.map(({ event }) => event)))
        for (const event of batch) {
          // Settled already: its time is never in the future.
          const identity = identityOf(event, Number.POSITIVE_INFINITY);
          members.observeEvent({ name: event.event, identity, isDuplicate: false, event: () => event });
        }
      for (const storing of queue) members.observeEvent(storing);
    } finally {
      this.#waiting.delete(members);
    }
    this.#rules.set(id, members);
    return cohorts.putRule(id, naming, members, now);
  }

  /** Evaluates every rule anew from the stored events, after some of them were removed. */
  async rebuild(): Promise<void> {
    for (const { id, name, description, rule, createdAt } of this.#surroundings.cohorts.list())
      if (rule !== undefined) await this.put(id, { name, description }, rule, createdAt);
  }

  /** Removes the rule of a cohort that was deleted, or has become a list. */
  drop(id: number): void {
    this.#rules.delete(id);
  }

  reset(): void {
    this.#rules.clear();
    this.#waiting.clear();
  }

  *#everyRule(): Generator<RuleMembers> {
    yield* this.#rules.values();
    yield* this.#waiting.keys();
  }
}
