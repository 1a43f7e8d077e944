import type { CatalogueEntry, PropertyType } from '../currents/types.ts';

/** Lookup tables of a catalogue entry, computed once per entry. */
export interface CompiledEntry {
  readonly entry: CatalogueEntry;
  readonly wireNames: readonly string[];
  readonly mixpanelNames: readonly string[];
  readonly types: readonly PropertyType[];
  /** Of renamed properties: the wire name by the name in Mixpanel. */
  readonly renamed: ReadonlyMap<string, string>;
  /**
   * Wire names of everything but unlisted properties: the listed ones, the custom event's name and the free
   * properties.
   */
  readonly known: ReadonlySet<string>;
}

const compiled = new WeakMap<CatalogueEntry, CompiledEntry>();

export function compiledEntry(entry: CatalogueEntry): CompiledEntry {
  return compiled.get(entry) ?? compile(entry);
}

function compile(entry: CatalogueEntry): CompiledEntry {
  const wireNames = entry.properties.map(property => property.wire);
  const known = new Set(wireNames);
  if (entry.naming) known.add(entry.naming.wire);
  if (entry.free) known.add(entry.free.wire);
  const renamed = entry.properties.filter(({ wire, mixpanel }) => wire !== mixpanel);
  const result: CompiledEntry = {
    entry,
    wireNames,
    mixpanelNames: entry.properties.map(property => property.mixpanel),
    types: entry.properties.map(property => property.type),
    renamed: new Map(renamed.map(({ wire, mixpanel }) => [mixpanel, wire])),
    known,
  };
  compiled.set(entry, result);
  return result;
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
  }
}
