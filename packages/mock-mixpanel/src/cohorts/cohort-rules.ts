import type { EventStore } from '../events/event-store.ts';
import type { StoredEvent } from '../events/stored-event.ts';
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

/** Keeps the cohorts by rule abreast of events, profiles and identities, and reads what was there before a rule was made. */
export class CohortRules {
  readonly #surroundings: RuleSurroundings;
  readonly #rules = new Map<number, RuleMembers>();
  /** What arrives while a rule reads what was there before, to be counted after that. */
  readonly #waiting = new Map<RuleMembers, { event: StoredEvent; isDuplicate: boolean }[]>();

  constructor(surroundings: RuleSurroundings) {
    const { events, profiles, identities } = surroundings;
    this.#surroundings = surroundings;
    events.onStored((event, isDuplicate) => {
      for (const rule of this.#rules.values()) rule.observeEvent(event, isDuplicate);
      for (const queue of this.#waiting.values()) queue.push({ event, isDuplicate });
    });
    profiles.onChange(id => {
      for (const rule of this.#everyRule()) rule.observeProfile(id);
    });
    identities.onJoin(({ from, to }) => {
      for (const rule of this.#everyRule()) rule.join(from, to);
    });
  }

  /** Makes a cohort by rule, or replaces one, once every event that is stored has been looked at. */
  async put(
    id: number,
    naming: Pick<Cohort, 'name' | 'description'>,
    rule: CohortRule,
    now: number,
  ): Promise<Cohort> {
    const { events, profiles, identities, cohorts } = this.#surroundings;
    const members = new RuleMembers(rule, profiles, identities);
    const queue: { event: StoredEvent; isDuplicate: boolean }[] = [];
    this.#waiting.set(members, queue);
    try {
      for await (const batch of events.readUnique(rule.did.map(({ event }) => event)))
        for (const event of batch) members.observeEvent(event, false);
      for (const { event, isDuplicate } of queue) members.observeEvent(event, isDuplicate);
    } finally {
      this.#waiting.delete(members);
    }
    this.#rules.set(id, members);
    return cohorts.putRule(id, naming, members, now);
  }

  /** To be called when a cohort is gone, or has become a list. */
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
