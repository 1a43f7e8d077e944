import type { CatalogueEntry } from '../currents/types.ts';
import { importLimits } from '../mixpanel/limits.ts';
import { shapeOf } from '../mixpanel/value-shape.ts';
import { type CompiledEntry, hasType } from './compiled-entry.ts';
import { dead, shown } from './envelope.ts';
import { finite, flatten } from './flatten.ts';
import { isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import type { NoteTaker } from './notes.ts';
import { type ListedProperties, listedValue } from './property-shapes.ts';
import type { DeadReason, MappingResult } from './types.ts';

/** Deepest nesting that is flattened. A deeper value is an attack or an error, and becomes a dead letter. */
const deepestFlattened = 64;

/**
 * Names with a special meaning in Mixpanel. No unlisted property is sent under one of them, nor under one
 * that starts with `$`.
 */
const namesWithEffect: ReadonlySet<string> = new Set(['time', 'distinct_id', 'ip', 'token']);

/**
 * Writer of a mapped event's properties: converts each to a value that Mixpanel accepts, and notes what is
 * unusual. Stops at the first property that can't be sent; `refusal` is then the outcome of the whole event.
 */
export class PropertyWriter {
  refusal: Extract<MappingResult, { outcome: 'dead' }> | undefined;
  readonly #target: JsonObject;
  readonly #notes: NoteTaker;
  #count: number;

  /** @param count properties of the target that have their value already */
  constructor(target: JsonObject, count: number, notes: NoteTaker) {
    this.#target = target;
    this.#notes = notes;
    this.#count = count;
  }

  /**
   * Writes the listed properties in the catalogue's order. Absent and null ones are left out, those of
   * another type are sent unchanged.
   */
  writeListed({ wireNames, mixpanelNames, types }: ListedProperties, wire: JsonObject): void {
    for (let index = 0; index < wireNames.length; index++) {
      const wireName = wireNames[index]!;
      const name = mixpanelNames[index]!;
      const value = listedValue(wire, wireName, name);
      if (value === undefined || value === null) continue;
      if (!hasType(value, types[index]!)) this.#notes.taken.drifted.push(wireName);
      this.#write(name, value);
    }
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
      this.#write(entry.free.prefix + entry.free.wire, value);
      return;
    }
    for (const key of Object.keys(free)) {
      if (this.refusal) return;
      const own = free[key];
      if (own !== undefined && own !== null) this.#write(entry.free.prefix + key, own);
    }
  }

  /** Notes the unlisted properties and, if the connection sends them, writes them under their wire names. */
  writeUnlisted(compiled: CompiledEntry, wire: JsonObject, send: boolean): void {
    for (const name of Object.keys(wire)) {
      const value = wire[name];
      if (value === undefined || value === null || compiled.known.has(name)) continue;
      const wireName = compiled.renamed.get(name);
      if (wireName !== undefined && (wire[wireName] ?? null) === null) continue;
      this.#notes.taken.unlisted.push(name);
      if (send && !this.#isTaken(name)) this.#write(name, value);
    }
  }

  /** Writes all properties under their wire names, for an event type that the catalogue lacks. */
  writeAll(wire: JsonObject): void {
    for (const name of Object.keys(wire)) {
      const value = wire[name];
      if (value !== undefined && value !== null && !this.#isTaken(name)) this.#write(name, value);
    }
  }

  #isTaken(name: string): boolean {
    return name.startsWith('$') || namesWithEffect.has(name) || Object.hasOwn(this.#target, name);
  }

  /** Writes `properties` that is not an object, unchanged, under that name. */
  writeDriftedProperties(value: unknown): void {
    if (value === undefined || value === null) return;
    this.#notes.taken.drifted.push('properties');
    this.#write('properties', value);
  }

  #write(name: string, value: unknown): void {
    if (this.refusal) return;
    if (++this.#count >= importLimits.propertiesBelow) {
      this.#refuse(
        'too_many_properties',
        `Mixpanel accepts fewer than ${importLimits.propertiesBelow} properties`,
      );
    } else if (typeof value === 'object') {
      this.#writeContainer(name, value);
    } else {
      if (typeof value === 'string' && value.length > importLimits.stringLength) {
        this.#notes.taken.longStrings.push(name);
      }
      setOwn(this.#target, name, finite(value));
    }
  }

  #writeContainer(name: string, value: unknown): void {
    const shape = shapeOf(value);
    if (shape.longString) this.#notes.taken.longStrings.push(name);
    if (shape.depth > deepestFlattened) {
      this.#refuse('too_deep', `property ${shown(name)} nests deeper than ${deepestFlattened} levels`);
      return;
    }
    const deep = shape.depth > importLimits.depth;
    if (deep) this.#notes.taken.flattened.push(name);
    const fits = !deep && !shape.nonFinite && shape.widest < importLimits.elementsBelow;
    const flattened = fits ? { value } : flatten(value);
    if ('value' in flattened) setOwn(this.#target, name, flattened.value);
    else this.#refuse(flattened.refused, `property ${shown(name)} ${tooBig[flattened.refused]}`);
  }

  #refuse(reason: DeadReason, detail: string): void {
    this.refusal = dead(reason, detail);
  }
}

const tooBig = {
  too_many_properties: `has an object or array of ${importLimits.elementsBelow} or more elements, which Mixpanel rejects`,
  too_large: `has ${importLimits.eventBytesBelow} or more bytes once flattened, which Mixpanel rejects`,
};

function parsedObject(value: unknown): JsonObject | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
