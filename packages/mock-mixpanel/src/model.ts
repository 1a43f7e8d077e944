import { setTimeout as wait } from 'node:timers/promises';
import { seededUuid } from '@braze-mixpanel/core/random';
import {
  ControlInputError,
  type ControlledClock,
  changeSettings,
  createClock,
  createRandom,
  RateLimits,
} from '@braze-mixpanel/simulator-kit';
import { CohortRules } from './cohorts/cohort-rules.ts';
import { CohortStore } from './cohorts/cohort-store.ts';
import { EngageSessions } from './cohorts/engage-sessions.ts';
import { deleteUsers } from './deletions/delete-users.ts';
import { DeletionTasks } from './deletions/deletion-tasks.ts';
import { Destinations } from './destinations/destinations.ts';
import { EventStore } from './events/event-store.ts';
import type { StoredEvent } from './events/stored-event.ts';
import { Identities } from './identity/identities.ts';
import { DropFilters } from './lexicon/drop-filters.ts';
import { SchemaStore } from './lexicon/schema-store.ts';
import { LookupTableStore } from './lookup-tables/lookup-table-store.ts';
import { ProfileStore } from './profiles/profile-store.ts';
import { defaultProject, type Project } from './project.ts';
import { type LimitName, rateRules } from './rate-limits.ts';
import { defaultSettings, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { CohortSyncs } from './syncs/cohort-syncs.ts';

/** Options of a mock Mixpanel. */
export interface MockMixpanelOptions {
  /** A running clock of its own by default. */
  readonly clock?: ControlledClock | undefined;
  /** Seed of session IDs and random faults. */
  readonly seed?: string | number | undefined;
  /** The project's ID and credentials, if they differ from `defaultProject`. */
  readonly project?: Partial<Project> | undefined;
  readonly settings?: SettingsChange | undefined;
  /** Sends the requests of cohort syncs; the global `fetch` by default. */
  readonly fetch?: typeof fetch | undefined;
  /** Waits real milliseconds between the retries of a cohort sync. */
  readonly delay?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/** Time limit for the answer of a cohort sync's destination, in real milliseconds. */
const answerWithin = 30_000;

/** A Mixpanel project without a server: its state and rules. All transports share it. */
export class MockMixpanelModel {
  readonly project: Project;
  readonly clock: ControlledClock;
  readonly events = new EventStore(
    () => this.settings.hotShardEvents,
    event => this.schemas.statusOf(event.event).dropped || this.dropFilters.drops(event),
  );
  /** Profiles of users, by canonical distinct ID. */
  readonly profiles = new ProfileStore();
  /** Profiles of groups, by `$group_key`, a line feed, and `$group_id`. */
  readonly groups = new ProfileStore();
  readonly identities = new Identities();
  /** The data dictionary, which Lexicon shows. */
  readonly schemas = new SchemaStore();
  readonly dropFilters = new DropFilters();
  readonly lookupTables = new LookupTableStore();
  readonly cohorts: CohortStore;
  readonly rules: CohortRules;
  readonly sessions: EngageSessions;
  readonly syncs: CohortSyncs;
  /** Connected destinations of cohorts. */
  readonly destinations: Destinations;
  readonly deletions: DeletionTasks;
  readonly limits: RateLimits<LimitName>;
  /** A new, unique `$insert_id`. */
  readonly newInsertId: () => string;
  readonly #initialSettings: Settings;
  readonly #closed = new AbortController();
  #settings: Settings;

  constructor(options: MockMixpanelOptions) {
    const { clock = createClock(), project, settings, seed = 'mock-mixpanel' } = options;
    this.project = { ...defaultProject, ...project };
    this.clock = clock;
    this.#initialSettings = changeSettings(defaultSettings, settingsSchema.parse(settings ?? {}));
    this.#settings = this.#initialSettings;
    this.limits = new RateLimits<LimitName>(clock, rateRules, this.#settings.rateLimits);
    const { events, profiles, identities } = this;
    this.cohorts = new CohortStore(profiles, clock);
    events.onStored(({ event }) => {
      if (this.settings.idManagement === 'simplified') this.#recognize(event());
    });
    identities.onJoin(({ from, to }) => profiles.join(from, to));
    this.rules = new CohortRules({ events, profiles, identities, cohorts: this.cohorts });
    const taskIds = createRandom(`${seed}/deletions`);
    this.deletions = new DeletionTasks({
      clock,
      newId: () => seededUuid(taskIds),
      takes: () => this.settings.deletionTakes,
      deleteUsers: ids => deleteUsers(ids, this),
    });
    const insertIds = createRandom(`${seed}/insert-ids`);
    this.newInsertId = () => hexId(insertIds);
    const random = createRandom(`${seed}/sessions`);
    this.sessions = new EngageSessions(random);
    this.destinations = new Destinations(() => clock.now());
    this.syncs = new CohortSyncs(clock, {
      projectId: this.project.id,
      cohorts: this.cohorts,
      clock,
      newSessionId: () => hexId(random),
      fetch: options.fetch ?? ((...request) => fetch(...request)),
      delay: options.delay ?? ((milliseconds, signal) => wait(milliseconds, undefined, { signal })),
      retryWithin: () => this.settings.retryWithin,
      answerWithin,
      signal: this.#closed.signal,
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** @throws ControlInputError for another `idManagement` while the project has data; nothing changes then. */
  set settings(settings: Settings) {
    if (settings.idManagement !== this.#settings.idManagement && this.#hasData)
      throw new ControlInputError(
        `idManagement is ${this.#settings.idManagement} and cannot change while the project has data, as in Mixpanel. ` +
          'Reset the project first (POST /_sim/reset), or choose idManagement at the start.',
      );
    this.#settings = settings;
    this.limits.enabled = settings.rateLimits;
  }

  /** Whether the project has an event, a profile or a merged id. */
  get #hasData(): boolean {
    return this.events.raw > 0 || this.profiles.size > 0 || this.identities.list().length > 0;
  }

  /** Changes some of the settings; see `settings` for the one that data fixes. */
  change(change: SettingsChange): void {
    this.settings = changeSettings(this.#settings, change);
  }

  /** Merges a device with the user on the same event, unless the device has a user already. */
  #recognize({ properties }: StoredEvent): void {
    const { $device_id, $user_id } = properties;
    if (typeof $device_id !== 'string' || $device_id === '') return;
    if (typeof $user_id !== 'string' || $user_id === '') return;
    const from = `$device:${$device_id}`;
    if (!this.identities.isMerged(from)) this.identities.join({ from, to: $user_id });
  }

  /** Restores an empty project with the initial settings. */
  reset(): void {
    this.syncs.reset();
    this.destinations.reset();
    this.deletions.reset();
    this.cohorts.reset();
    this.rules.reset();
    this.profiles.reset();
    this.groups.reset();
    this.identities.reset();
    this.schemas.reset();
    this.dropFilters.reset();
    this.lookupTables.reset();
    this.sessions.reset();
    this.events.reset();
    this.limits.reset();
    this.settings = this.#initialSettings;
  }

  /** Stops running cohort syncs. */
  close(): void {
    this.#closed.abort();
  }
}

/** Four groups of eight hexadecimal digits. */
function hexId(random: () => number): string {
  const group = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return Array.from({ length: 4 }, group).join('-');
}
