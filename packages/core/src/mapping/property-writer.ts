import type { CatalogueEntry } from '../currents/types.ts';
import { importLimits } from '../mixpanel/limits.ts';
import { acceptedContainer } from './accepted-container.ts';
import { type CompiledEntry, hasType, type ListedProperties } from './compiled-entry.ts';
import { dead } from './envelope.ts';
import { finite } from './flatten.ts';
import { isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import { isPlain } from './json-text.ts';
import type { NoteTaker } from './notes.ts';
import type { MappingResult } from './types.ts';

/**
 * Names with a special meaning in Mixpanel. No unlisted property is sent under one of them, nor under one
 * that starts with `$`.
 */
const namesWithEffect: ReadonlySet<string> = new Set(['time', 'distinct_id', 'ip', 'token']);

/** What every mapped event has besides its properties. */
export interface EventHead {
  readonly name: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly distinctId: string;
  readonly insertId: string;
  /** Whether the event has `$user_id`, with the value of `distinct_id`. */
  readonly hasUserId: boolean;
}

/**
 * Writer of a mapped event's JSON text: appends each property with a value that Mixpanel accepts, and notes
 * what is unusual. Stops at the first property that can't be sent; `refusal` is then the outcome of the whole
 * event.
 *
 * It gives the text that `JSON.stringify` gives for an object of the same properties, without the object. Two
 * things make it fast: a short plain string needs no escapes, which one loop finds out, and V8 joins few long
 * pieces faster than many short ones.
 */
export class PropertyWriter {
  refusal: Extract<MappingResult, { outcome: 'dead' }> | undefined;
  /** Whether the text is ASCII and has no escapes. */
  isPlain: boolean;
  /** Whether a property may be named like the index of an array: an object has these first, by number. */
  hasIndexes = false;
  /** The properties as an object, if it is recorded. */
  readonly properties: JsonObject | undefined;
  /** Text so far, without `#close` and the braces at its end. */
  #text: string;
  /** Quotation mark that closes the last value, if it is a plain string; it is written with what follows. */
  #close = '"';
  /** Properties of the event. */
  #count = 4;
  readonly #notes: NoteTaker;

  /**
   * @param opening JSON text up to the time, with the name of the head
   * @param isRecorded whether the object is recorded beside the text: without it, a property that is not
   *   listed could replace another one
   */
  constructor(head: EventHead, opening: string, isRecorded: boolean, notes: NoteTaker) {
    const { name, time, distinctId, insertId } = head;
    const hasPlainId = isPlain(distinctId);
    this.isPlain = hasPlainId && isPlain(name);
    const id = hasPlainId ? distinctId : JSON.stringify(distinctId).slice(1, -1);
    this.#text = `${opening}${time},"distinct_id":"${id}","$insert_id":"${insertId}","$partner_id":"braze`;
    if (isRecorded)
      this.properties = { time, distinct_id: distinctId, $insert_id: insertId, $partner_id: 'braze' };
    this.#notes = notes;
    if (!head.hasUserId) return;
    this.#count++;
    this.#append(',"$user_id":', `"${id}"`);
    if (this.properties) this.properties.$user_id = distinctId;
  }

  /**
   * Writes the listed properties in the catalogue's order. Absent and null ones are left out, those of
   * another type are sent unchanged. A renamed one may have its name in Mixpanel already, if the wire name is
   * absent or null.
   *
   * @returns number of listed properties that have a value under their wire name
   */
  writeListed(listed: ListedProperties, wire: JsonObject): number {
    const { wireNames, mixpanelNames, types, keys, textKeys, nextTextKeys } = listed;
    if (!listed.isPlain) this.isPlain = false;
    const isRecorded = this.properties !== undefined;
    let found = 0;
    let text = this.#text;
    let close = this.#close;
    for (let index = 0; index < wireNames.length; index++) {
      const wireName = wireNames[index]!;
      const name = mixpanelNames[index]!;
      let value = wire[wireName];
      if (value !== undefined && value !== null) found++;
      else if (name !== wireName) value = wire[name];
      if (value === undefined || value === null) continue;
      const type = types[index]!;
      if (!hasType(value, type)) this.#notes.taken.drifted.push(wireName);
      if (
        typeof value === 'string' &&
        value.length <= importLimits.stringLength &&
        !isRecorded &&
        isPlain(value)
      ) {
        if (!this.#mayWrite()) continue;
        text += (close === '' ? textKeys : nextTextKeys)[index]!;
        text += value;
        close = '"';
      } else {
        this.#text = text;
        this.#close = close;
        this.#write(name, keys[index]!, value);
        text = this.#text;
        close = this.#close;
      }
    }
    this.#text = text;
    this.#close = close;
    return found;
  }

  /**
   * Writes the free properties of a custom event or purchase: an object, or its JSON text. Any other value is
   * sent unchanged under the prefix and the wire name, such as `[Purchase property] purchase_properties`.
   */
  writeFree(entry: CatalogueEntry, wire: JsonObject): void {
    if (!entry.free) return;
    const value = wire[entry.free.wire];
    if (value === undefined || value === null) return;
    const free = isJsonObject(value) ? value : parsedObject(value);
    if (free === undefined) {
      this.#notes.taken.drifted.push(entry.free.wire);
      this.#writeNamed(entry.free.prefix + entry.free.wire, value);
      return;
    }
    for (const key of Object.keys(free)) {
      if (this.refusal) return;
      const own = free[key];
      if (own !== undefined && own !== null) this.#writeNamed(entry.free.prefix + key, own);
    }
  }

  /** Notes the unlisted properties and, if the connection sends them, writes them under their wire names. */
  writeUnlisted(compiled: CompiledEntry, wire: JsonObject, send: boolean): void {
    for (const name in wire) {
      if (compiled.known.has(name)) continue;
      const value = wire[name];
      if (value === undefined || value === null) continue;
      const wireName = compiled.renamed.get(name);
      if (wireName !== undefined && (wire[wireName] ?? null) === null) continue;
      this.#notes.taken.unlisted.push(name);
      if (send && !this.#isTaken(name)) this.#writeNamed(name, value);
    }
  }

  /** Writes all properties under their wire names, for an event type that the catalogue lacks. */
  writeAll(wire: JsonObject): void {
    for (const name of Object.keys(wire)) {
      const value = wire[name];
      if (value !== undefined && value !== null && !this.#isTaken(name)) this.#writeNamed(name, value);
    }
  }

  #isTaken(name: string): boolean {
    return (
      name.startsWith('$') ||
      namesWithEffect.has(name) ||
      (this.properties !== undefined && Object.hasOwn(this.properties, name))
    );
  }

  /** Writes `properties` that is not an object, unchanged, under that name. */
  writeDriftedProperties(value: unknown): void {
    if (value === undefined || value === null) return;
    this.#notes.taken.drifted.push('properties');
    this.#writeNamed('properties', value);
  }

  #writeNamed(name: string, value: unknown): void {
    if (startsWithDigit.test(name)) this.hasIndexes = true;
    this.#write(name, `,${this.#quoted(name)}:`, value);
  }

  #write(name: string, key: string, value: unknown): void {
    if (!this.#mayWrite()) return;
    let accepted = value;
    if (typeof value === 'string') {
      if (value.length > importLimits.stringLength) this.#notes.taken.longStrings.push(name);
      this.#append(key, this.#quoted(value));
    } else if (typeof value === 'object') {
      const container = acceptedContainer(name, value, this.#notes);
      if ('outcome' in container) {
        this.refusal = container;
        return;
      }
      accepted = container.value;
      this.isPlain = false;
      this.#append(key, JSON.stringify(accepted));
    } else {
      accepted = finite(value);
      this.#append(key, typeof accepted === 'string' ? `"${accepted}"` : `${accepted}`);
    }
    if (this.properties) setOwn(this.properties, name, accepted);
  }

  #mayWrite(): boolean {
    if (this.refusal) return false;
    if (++this.#count >= importLimits.propertiesBelow) {
      const detail = `Mixpanel accepts fewer than ${importLimits.propertiesBelow} properties`;
      this.refusal = dead('too_many_properties', detail);
      return false;
    }
    return true;
  }

  #append(key: string, json: string): void {
    this.#text += this.#close + key;
    this.#text += json;
    this.#close = '';
  }

  #quoted(text: string): string {
    if (isPlain(text)) return `"${text}"`;
    this.isPlain = false;
    return JSON.stringify(text);
  }

  /** JSON text of the event, as a tree of its pieces. */
  finish(): string {
    return this.#text + (this.#close === '' ? '}}' : '"}}');
  }
}

const startsWithDigit = /^\d/;

function parsedObject(value: unknown): JsonObject | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
