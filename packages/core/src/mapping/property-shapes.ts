import type { PropertyType } from '../currents/types.ts';
import type { JsonObject } from './json-object.ts';

/** Listed properties of one object of the event, as columns. */
export interface ListedProperties {
  readonly wireNames: readonly string[];
  readonly mixpanelNames: readonly string[];
  readonly types: readonly PropertyType[];
}

/** Most shapes that are kept per catalogue entry; events of further shapes are written without one. */
const mostShapes = 256;

/** Most names in a shape: one bit of a whole number each. */
const mostNames = 52;

/**
 * Objects that have the names of an event's listed properties already, for one catalogue entry.
 *
 * V8 makes a hash table of an object to which code adds more than about a dozen properties by computed names.
 * Writing and serializing one takes twice as long as a copy of an object from `JSON.parse`, whose properties
 * are only replaced. A shape is the set of listed properties that an event has; events of a type have few.
 */
export class PropertyShapes {
  readonly #shapes = new Map<number, JsonObject>();
  readonly #columns: readonly ListedProperties[];
  readonly #fits: boolean;

  /** @param columns listed properties of each object, in the order in which they are written */
  constructor(columns: readonly ListedProperties[]) {
    this.#columns = columns;
    const names = columns.reduce((sum, { wireNames }) => sum + wireNames.length, 0);
    this.#fits = names < mostNames;
  }

  /**
   * Copy of `head`, followed by the name of each listed property that has a value in `sources`, which belong to
   * the columns one by one. The caller writes every one of these names.
   *
   * @param headHasUserId whether `head` has `$user_id` besides the names that every head has
   */
  copy(head: JsonObject, headHasUserId: boolean, sources: readonly JsonObject[]): JsonObject {
    if (!this.#fits) return head;
    let present = headHasUserId ? 1 : 0;
    for (let at = 0; at < sources.length; at++) {
      const { wireNames, mixpanelNames } = this.#columns[at]!;
      const source = sources[at]!;
      for (let index = 0; index < wireNames.length; index++)
        present = present * 2 + (hasValue(source, wireNames[index]!, mixpanelNames[index]!) ? 1 : 0);
    }
    const shape = this.#shapes.get(present) ?? this.#add(present, head, sources);
    return shape === undefined ? head : Object.assign({ ...shape }, head);
  }

  #add(present: number, head: JsonObject, sources: readonly JsonObject[]): JsonObject | undefined {
    if (this.#shapes.size >= mostShapes) return undefined;
    const names = sources.flatMap((source, at) => {
      const { wireNames, mixpanelNames } = this.#columns[at]!;
      return mixpanelNames.filter((name, index) => hasValue(source, wireNames[index]!, name));
    });
    const empty = Object.fromEntries([...Object.keys(head), ...names].map(name => [name, null]));
    const shape = JSON.parse(JSON.stringify(empty)) as JsonObject;
    this.#shapes.set(present, shape);
    return shape;
  }
}

/**
 * Value of a listed property. A renamed one may already have its name in Mixpanel, if the wire name is absent
 * or null.
 */
export function listedValue(wire: JsonObject, wireName: string, name: string): unknown {
  return wire[wireName] ?? (name === wireName ? undefined : wire[name]);
}

function hasValue(wire: JsonObject, wireName: string, name: string): boolean {
  const value = listedValue(wire, wireName, name);
  return value !== undefined && value !== null;
}
