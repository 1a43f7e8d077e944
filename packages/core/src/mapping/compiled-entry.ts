import type { CatalogueEntry, CatalogueProperty, PropertyType } from '../currents/types.ts';
import { type ListedProperties, PropertyShapes } from './property-shapes.ts';

/** Lookup tables of a catalogue entry, computed once per entry. */
export interface CompiledEntry {
  /** Listed properties of `properties`. */
  readonly listed: ListedProperties;
  /** Listed properties of `user`; absent if there are none. */
  readonly ofUser: ListedProperties | undefined;
  /** Of renamed properties: the wire name by the name in Mixpanel. */
  readonly renamed: ReadonlyMap<string, string>;
  /**
   * Wire names of everything but unlisted properties: the listed ones, the custom event's name and the free
   * properties.
   */
  readonly known: ReadonlySet<string>;
  /** Shapes of mapped events. */
  readonly shapes: PropertyShapes;
}

const compiled = new WeakMap<CatalogueEntry, CompiledEntry>();

export function compiledEntry(entry: CatalogueEntry): CompiledEntry {
  return compiled.get(entry) ?? compile(entry);
}

function compile(entry: CatalogueEntry): CompiledEntry {
  const listed = entry.properties.filter(({ source }) => source === undefined);
  const ofUser = entry.properties.filter(({ source }) => source === 'user');
  const known = new Set(listed.map(({ wire }) => wire));
  if (entry.naming) known.add(entry.naming.wire);
  if (entry.free) known.add(entry.free.wire);
  const renamed = listed.filter(({ wire, mixpanel }) => wire !== mixpanel);
  const columnsOfUser = ofUser.length > 0 ? columns(ofUser) : undefined;
  const result: CompiledEntry = {
    listed: columns(listed),
    ofUser: columnsOfUser,
    renamed: new Map(renamed.map(({ wire, mixpanel }) => [mixpanel, wire])),
    known,
    shapes: new PropertyShapes([columns(listed), ...(columnsOfUser ? [columnsOfUser] : [])]),
  };
  compiled.set(entry, result);
  return result;
}

function columns(properties: readonly CatalogueProperty[]): ListedProperties {
  return {
    wireNames: properties.map(({ wire }) => wire),
    mixpanelNames: properties.map(({ mixpanel }) => mixpanel),
    types: properties.map(({ type }) => type),
  };
}

export function hasType(value: unknown, type: PropertyType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'float':
      return Number.isFinite(value);
    case 'int':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'string[]':
      return Array.isArray(value) && value.every(each => typeof each === 'string');
  }
}
