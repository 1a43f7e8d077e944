/**
 * The user profiles of a workspace. Each user has a permanent number, its index in the list; cohorts are bit
 * sets over these numbers, so a million members take 125 kB. Empty lists and attributes are shared, and the
 * Braze ID is derived from the number unless one was given: a million users take about 300 MB, mostly for IDs
 * and their index.
 *
 * An external ID, an alias and a device belong to one user; assigning one of them to another user removes it
 * from the first.
 */
import { type History, noHistory } from './history.ts';
import type { User, UserAlias, UserInput, UserReference } from './user.ts';

interface Profile {
  externalId: string | undefined;
  deviceIds: readonly string[];
  aliases: readonly UserAlias[];
  attributes: Readonly<Record<string, unknown>>;
  timezone: string;
  history: History;
  /** Only if one was given; otherwise derived from the number. */
  brazeId: string | undefined;
}

const none: readonly never[] = Object.freeze([]);
const noAttributes: Readonly<Record<string, unknown>> = Object.freeze({});
const defaultTimezone = 'Etc/UTC';
const derivedId = /^b0{11}([0-9a-f]{12})$/;

export class Users {
  #profiles: (Profile | undefined)[] = [];
  #deleted = 0;
  readonly #byExternalId = new Map<string, number>();
  readonly #byBrazeId = new Map<string, number>();
  readonly #byAlias = new Map<string, number>();
  readonly #byDevice = new Map<string, number>();
  readonly #byContact = new Map<string, number>();

  get size(): number {
    return this.#profiles.length - this.#deleted;
  }

  /** One more than the greatest number ever used. Numbers of deleted users are not reused. */
  get end(): number {
    return this.#profiles.length;
  }

  /** The number of the user at this index of the list, not counting deleted ones. */
  at(place: number): number {
    if (this.#deleted === 0) return place;
    let number = -1;
    for (let left = place; left >= 0; ) if (this.#profiles[++number] !== undefined) left -= 1;
    return number;
  }

  find(reference: UserReference): number | undefined {
    if ('external_id' in reference) return this.#byExternalId.get(reference.external_id);
    if ('braze_id' in reference) return this.#findBrazeId(reference.braze_id);
    if ('user_alias' in reference) return this.#byAlias.get(aliasKey(reference.user_alias));
    if ('device_id' in reference) return this.#byDevice.get(reference.device_id);
    return this.#byContact.get('email' in reference ? `e${reference.email}` : `p${reference.phone}`);
  }

  isIdentified(number: number): boolean {
    return this.#profiles[number]?.externalId !== undefined;
  }

  externalId(number: number): string | undefined {
    return this.#profiles[number]?.externalId;
  }

  history(number: number): History {
    return this.#profiles[number]?.history ?? noHistory;
  }

  attribute(number: number, name: string): unknown {
    const attributes = this.#profiles[number]?.attributes;
    return attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  }

  get(number: number): User | undefined {
    const profile = this.#profiles[number];
    if (!profile) return undefined;
    return {
      braze_id: this.#brazeId(number, profile),
      ...(profile.externalId !== undefined && { external_id: profile.externalId }),
      device_ids: profile.deviceIds,
      aliases: profile.aliases,
      attributes: profile.attributes,
      timezone: profile.timezone,
      ...(profile.history !== noHistory && profile.history),
    };
  }

  *list(from = 0, to = this.#profiles.length): Generator<User> {
    for (let number = from; number < Math.min(to, this.#profiles.length); number += 1) {
      const user = this.get(number);
      if (user) yield user;
    }
  }

  /**
   * Creates a user, or changes the one with the same `braze_id`, or else the same `external_id`, or else the
   * same first alias, or else the anonymous one with the same first device.
   */
  put(input: UserInput): { readonly number: number; readonly created: boolean } {
    const known = this.#known(input);
    const number = known ?? this.#profiles.length;
    if (known === undefined) {
      this.#profiles.push({
        externalId: undefined,
        deviceIds: none,
        aliases: none,
        attributes: noAttributes,
        timezone: defaultTimezone,
        history: noHistory,
        brazeId: this.#claim(number),
      });
    }
    this.change(number, input);
    return { number, created: known === undefined };
  }

  /** Changes the given fields; lists and attributes are replaced as a whole. */
  change(number: number, input: UserInput): void {
    const profile = this.#profiles[number]!;
    if (input.braze_id !== undefined && input.braze_id !== this.#brazeId(number, profile)) {
      profile.brazeId = input.braze_id;
      this.#byBrazeId.set(input.braze_id, number);
    }
    if (input.external_id !== undefined) {
      const [former] = this.#move(this.#byExternalId, maybe(profile.externalId), [input.external_id], number);
      if (former !== undefined) this.#profiles[former]!.externalId = undefined;
      profile.externalId = input.external_id;
    }
    if (input.device_ids !== undefined) {
      for (const former of this.#move(this.#byDevice, profile.deviceIds, input.device_ids, number)) {
        const other = this.#profiles[former]!;
        other.deviceIds = other.deviceIds.filter(device => !input.device_ids!.includes(device));
      }
      profile.deviceIds = input.device_ids.length > 0 ? input.device_ids : none;
    }
    if (input.aliases !== undefined) {
      const keys = input.aliases.map(aliasKey);
      for (const former of this.#move(this.#byAlias, profile.aliases.map(aliasKey), keys, number)) {
        const other = this.#profiles[former]!;
        other.aliases = other.aliases.filter(alias => !keys.includes(aliasKey(alias)));
      }
      profile.aliases = input.aliases.length > 0 ? input.aliases : none;
    }
    if (input.attributes !== undefined) {
      this.#move(this.#byContact, contacts(profile.attributes), contacts(input.attributes), number);
      profile.attributes = Object.keys(input.attributes).length > 0 ? input.attributes : noAttributes;
    }
    if (input.timezone !== undefined) profile.timezone = input.timezone;
    const { custom_events, purchases, total_revenue } = input;
    if (custom_events ?? purchases ?? total_revenue !== undefined) {
      const { history } = profile;
      profile.history = {
        custom_events: custom_events ?? history.custom_events,
        purchases: purchases ?? history.purchases,
        total_revenue: total_revenue ?? history.total_revenue,
      };
    }
  }

  /** Deletes a user. Its IDs become available again; its number is not reused. */
  delete(number: number): void {
    const profile = this.#profiles[number];
    if (!profile) return;
    this.change(number, { device_ids: [], aliases: [], attributes: {} });
    if (profile.externalId !== undefined) this.#byExternalId.delete(profile.externalId);
    if (profile.brazeId !== undefined) this.#byBrazeId.delete(profile.brazeId);
    this.#profiles[number] = undefined;
    this.#deleted += 1;
  }

  clear(): void {
    this.#profiles = [];
    this.#deleted = 0;
    for (const index of [
      this.#byExternalId,
      this.#byBrazeId,
      this.#byAlias,
      this.#byDevice,
      this.#byContact,
    ]) {
      index.clear();
    }
  }

  #known(input: UserInput): number | undefined {
    if (input.braze_id !== undefined) return this.#findBrazeId(input.braze_id);
    if (input.external_id !== undefined) return this.#byExternalId.get(input.external_id);
    const alias = input.aliases?.[0];
    if (alias !== undefined) return this.#byAlias.get(aliasKey(alias));
    const owner = this.#byDevice.get(input.device_ids?.[0] ?? '');
    return owner === undefined || this.isIdentified(owner) ? undefined : owner;
  }

  /** If another user was given the derived ID of this number, this user gets a new one. */
  #claim(number: number): string | undefined {
    if (!this.#byBrazeId.has(derivedBrazeId(number))) return undefined;
    const own = `c${derivedBrazeId(number)}`;
    this.#byBrazeId.set(own, number);
    return own;
  }

  /** Points the new keys to the user, and returns the users they belonged to before. */
  #move(
    index: Map<string, number>,
    old: readonly string[],
    next: readonly string[],
    number: number,
  ): number[] {
    const formers: number[] = [];
    for (const key of old) if (index.get(key) === number) index.delete(key);
    for (const key of next) {
      const former = index.get(key);
      if (former !== undefined && former !== number) formers.push(former);
      index.set(key, number);
    }
    return formers;
  }

  #brazeId(number: number, profile: Profile): string {
    return profile.brazeId ?? derivedBrazeId(number);
  }

  #findBrazeId(brazeId: string): number | undefined {
    const given = this.#byBrazeId.get(brazeId);
    if (given !== undefined) return given;
    const digits = derivedId.exec(brazeId)?.[1];
    const number = digits === undefined ? undefined : Number.parseInt(digits, 16);
    const profile = number === undefined ? undefined : this.#profiles[number];
    return profile && profile.brazeId === undefined ? number : undefined;
  }
}

function derivedBrazeId(number: number): string {
  return `b${number.toString(16).padStart(23, '0')}`;
}

function maybe(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

/** JSON, so that the boundary between name and label is unambiguous. */
function aliasKey(alias: UserAlias): string {
  return JSON.stringify([alias.alias_label, alias.alias_name]);
}

/** E-mail address and phone number are attributes by which `/users/track` finds users. */
function contacts(attributes: Readonly<Record<string, unknown>>): string[] {
  const keys: string[] = [];
  if (typeof attributes.email === 'string') keys.push(`e${attributes.email}`);
  if (typeof attributes.phone === 'string') keys.push(`p${attributes.phone}`);
  return keys;
}
