import { createHash } from 'node:crypto';
import { cohortPartner } from '@braze-mixpanel/core/braze';
import { type CurrentsEvent, catalogue2022_06, sampleEvent } from '@braze-mixpanel/core/currents';
import { seededUuid } from '@braze-mixpanel/core/random';
import {
  changeSettings,
  createRandom,
  RateLimits,
  type SimulationClock,
} from '@braze-mixpanel/simulator-kit';
import { Analytics } from './analytics/analytics.ts';
import type { Emission } from './currents/answers.ts';
import type { Attempt } from './currents/attempt.ts';
import type { Current, EmittedEvent } from './currents/current.ts';
import { Currents, readEvents } from './currents/currents.ts';
import type { CurrentDefinition } from './currents/definition.ts';
import type { EmissionOrder } from './currents/emission-order.ts';
import { catalogueVersionOf, exportedEntries } from './currents/generation.ts';
import { ofCampaigns } from './currents/sample-campaigns.ts';
import { originAt, type SampleChoices, sampleEvents } from './currents/samples.ts';
import type { FileStore } from './currents/storage/file-store.ts';
import { Cohorts } from './partners/cohorts.ts';
import { DataImportKeys, defaultDataImportKey } from './partners/data-import-keys.ts';
import { type LimitName, rateRules } from './rate-limits.ts';
import { type Tracked, track } from './rest/track.ts';
import type { TrackObject } from './rest/track-request.ts';
import { Segments } from './segments/segments.ts';
import { currentSettings, defaultSettings, type Settings } from './settings.ts';
import { type RestKey, type RestPermission, restPermissions, type WorkspaceState } from './state.ts';
import { Users } from './users/users.ts';

/** The `partner_api_key` of the partner cohort import. */
export const defaultPartnerKey = 'braze-partner-key';
/** The initial REST API key of the main workspace, with all permissions. */
export const defaultRestKey = 'braze-rest-key';

export interface ModelPorts {
  readonly clock: Pick<SimulationClock, 'now' | 'schedule'>;
  readonly fetch: typeof fetch;
  readonly seed: string | number;
  readonly settings?: Partial<Settings> | undefined;
  /** Where storage Currents write their files. */
  readonly store?: FileStore | undefined;
  readonly onEmit?: ((events: readonly unknown[]) => void) | undefined;
}

/**
 * A Braze workspace without a server: users, partner cohorts, segments, keys and Currents. All transports
 * share it.
 */
export class MockBrazeModel {
  readonly users = new Users();
  readonly cohorts = new Cohorts(this.users);
  readonly segments: Segments;
  readonly analytics: Analytics;
  readonly currents: Currents;
  readonly dataImportKeys: DataImportKeys;
  /** The partners whose page shows a data import key. */
  readonly enabledPartners: ReadonlySet<string> = new Set<string>([cohortPartner]);
  readonly rateLimits: RateLimits<LimitName>;
  partnerKey = defaultPartnerKey;
  restKeys: readonly RestKey[] = [];
  readonly #firstSettings: Settings;
  #settings: Settings;
  readonly #clock: ModelPorts['clock'];
  readonly #seed: string | number;
  readonly #onEmit: ModelPorts['onEmit'];
  #random: () => number;

  constructor(ports: ModelPorts) {
    this.#clock = ports.clock;
    this.#seed = ports.seed;
    this.#onEmit = ports.onEmit;
    this.#random = createRandom(ports.seed);
    this.#firstSettings = changeSettings(defaultSettings, ports.settings ?? {});
    this.#settings = this.#firstSettings;
    this.segments = new Segments(this.users, this.cohorts, () => ports.clock.now());
    this.analytics = new Analytics(
      () => ports.clock.now(),
      () => this.#settings.timeZone,
    );
    this.dataImportKeys = new DataImportKeys(() => ports.clock.now());
    this.rateLimits = new RateLimits<LimitName>(ports.clock, rateRules, this.#settings.rateLimits);
    this.currents = new Currents({
      fetch: ports.fetch,
      clock: ports.clock,
      // A random sequence of its own, since the overlap of requests must not change the samples.
      random: createRandom(`${ports.seed}, back-off`),
      settings: () => currentSettings(this.#settings),
      store: ports.store,
      integrationId: current =>
        createHash('sha256').update(`${ports.seed}/${current}`).digest('hex').slice(0, 24),
    });
    this.#begin();
  }

  get settings(): Settings {
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.#settings = settings;
    this.rateLimits.enabled = settings.rateLimits;
  }

  restAccess(key: string | undefined, permission: RestPermission): 'granted' | 'unknown-key' | 'forbidden' {
    const known = this.restKeys.find(restKey => restKey.key === key);
    if (!known) return 'unknown-key';
    return known.permissions.includes(permission) ? 'granted' : 'forbidden';
  }

  /**
   * Counts the events in the analytics, and passes them to the Currents.
   *
   * @param order overrides the settings.
   */
  emit(
    events: readonly unknown[],
    flush = true,
    order: { readonly [Name in keyof EmissionOrder]?: EmissionOrder[Name] | undefined } = {},
  ): Promise<Emission> {
    const named = this.analytics.take(events);
    this.#onEmit?.(named);
    const { duplicates = this.#settings.duplicates, disorder = this.#settings.disorder } = order;
    return this.currents.emit(named, flush, { duplicates, disorder });
  }

  /** Deletes the user with this external ID or Braze ID, and its memberships. Returns `false` if there is none. */
  deleteUser(id: string): boolean {
    const number = this.users.find({ external_id: id }) ?? this.users.find({ braze_id: id });
    if (number === undefined) return false;
    this.users.delete(number);
    this.cohorts.forget(number);
    this.segments.measure();
    return true;
  }

  /** Sends one sample event of each selected type, outside the queues. */
  testCurrent(current: Current): Promise<Attempt[]> {
    const samples: EmittedEvent[] = readEvents(this.#samplesOfEveryType(current.definition));
    return current.test(samples.filter(sample => current.accepts(sample)));
  }

  /**
   * Sample events that cycle through these types and users, so that eventually every user has every type;
   * `null` if there are no users. The same seed gives the same events for the same users at the same time.
   */
  samples(
    count: number,
    eventTypes: readonly string[],
    seed?: string | number,
    choices: Partial<SampleChoices> = {},
  ): CurrentsEvent[] | null {
    if (this.users.size === 0) return null;
    const { catalogueVersion = catalogue2022_06 } = choices;
    return sampleEvents(
      count,
      eventTypes,
      this.users,
      { ...choices, catalogueVersion },
      { random: seed === undefined ? this.#random : createRandom(seed), time: this.nowSeconds },
    );
  }

  /** Applies `/users/track`. Its events and purchases are emitted to Currents, which queue them. */
  track(objects: readonly TrackObject[]): Tracked {
    const tracked = track(this.users, objects, () => seededUuid(this.#random), this.#clock.now());
    this.segments.measure();
    if (tracked.events.length > 0) void this.emit(tracked.events, false);
    return tracked;
  }

  state(): WorkspaceState {
    return {
      users: [...this.users.list()].map(user => ({
        ...user,
        device_ids: [...user.device_ids],
        aliases: [...user.aliases],
        attributes: { ...user.attributes },
      })),
      cohorts: this.cohorts.list().map(({ cohortId, name, createdAt, members }) => ({
        cohort_id: cohortId,
        name,
        created_at: createdAt,
        members: [...members].map(number => this.users.get(number)!.braze_id),
      })),
      segments: this.segments.list(),
      data_import_keys: [...this.dataImportKeys.list()],
      partner_api_key: this.partnerKey,
      rest_keys: [...this.restKeys],
      ...this.analytics.state(),
      currents: this.currents.list().map(({ id, state, definition }) => ({ id, state, definition })),
    };
  }

  /** Replaces the whole state; queued events are lost. */
  async restore(state: WorkspaceState): Promise<void> {
    this.#begin();
    for (const user of state.users ?? []) this.users.put(user);
    for (const { cohort_id, name, created_at, members } of state.cohorts ?? []) {
      this.cohorts.restore(cohort_id, name, created_at, members);
    }
    for (const segment of state.segments ?? []) this.segments.restore(segment);
    if (state.data_import_keys) this.dataImportKeys.restore(state.data_import_keys);
    if (state.partner_api_key !== undefined) this.partnerKey = state.partner_api_key;
    if (state.rest_keys) this.restKeys = state.rest_keys;
    this.analytics.restore(state);
    for (const { id, definition, state: reached } of state.currents ?? []) {
      await this.currents.create(definition, id).enter(reached);
    }
  }

  /** Restores the initial settings. */
  resetSettings(): void {
    this.settings = this.#firstSettings;
  }

  close(): void {
    this.currents.clear();
  }

  #begin(): void {
    this.currents.clear();
    this.analytics.clear();
    this.segments.clear();
    this.cohorts.clear();
    this.users.clear();
    this.rateLimits.reset();
    this.#random = createRandom(this.#seed);
    this.partnerKey = defaultPartnerKey;
    this.restKeys = [{ key: defaultRestKey, permissions: [...restPermissions] }];
    this.dataImportKeys.restore([]);
    this.dataImportKeys.generate(defaultDataImportKey);
  }

  #samplesOfEveryType({ kind, generation }: CurrentDefinition): CurrentsEvent[] {
    const entries = exportedEntries(catalogueVersionOf(generation), kind === 'storage');
    return ofCampaigns(
      entries.map((entry, index) =>
        sampleEvent(entry, {
          random: this.#random,
          time: this.nowSeconds,
          origin: originAt(index),
          externalUserId: this.users.externalId(this.users.at(0)) ?? 'test-user',
        }),
      ),
    );
  }

  /** Time of the clock, in milliseconds since 1970. */
  get nowSeconds(): number {
    return Math.floor(this.#clock.now() / 1_000);
  }
}
