import type { CatalogueEntry, CatalogueProperty, PropertyType } from '../currents/types.ts';
import { inOnePiece, isPlain } from './json-text.ts';

/** Lookup tables of a catalogue entry, computed once per entry. */
export interface CompiledEntry {
  /** JSON text of a mapped event up to its time, with the entry's name. */
  readonly opening: string;
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
}

/** Listed properties of one object of the event, as columns. */
export interface ListedProperties {
  readonly wireNames: readonly string[];
  readonly mixpanelNames: readonly string[];
  readonly types: readonly PropertyType[];
  /** JSON text before the value. */
  readonly keys: readonly string[];
  /** JSON text before the characters of a string. */
  readonly textKeys: readonly string[];
  /** The same after a string that is not closed yet. */
  readonly nextTextKeys: readonly string[];
  /** Whether all names in Mixpanel are plain. */
  readonly isPlain: boolean;
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
  const result: CompiledEntry = {
    opening: inOnePiece(openingOf(entry.name)),
    listed: columns(listed),
    ofUser: ofUser.length > 0 ? columns(ofUser) : undefined,
    renamed: new Map(renamed.map(({ wire, mixpanel }) => [mixpanel, wire])),
    known,
  };
  compiled.set(entry, result);
  return result;
}

/** JSON text of a mapped event up to its time. */
export function openingOf(name: string): string {
  return `{"event":${JSON.stringify(name)},"properties":{"time":`;
}

function columns(properties: readonly CatalogueProperty[]): ListedProperties {
  const keys = properties.map(({ mixpanel }) => `,${JSON.stringify(mixpanel)}:`);
  return {
    wireNames: properties.map(({ wire }) => wire),
    mixpanelNames: properties.map(({ mixpanel }) => mixpanel),
    types: properties.map(({ type }) => type),
    keys: keys.map(inOnePiece),
    textKeys: keys.map(key => inOnePiece(`${key}"`)),
    nextTextKeys: keys.map(key => inOnePiece(`"${key}"`)),
    isPlain: properties.every(({ mixpanel }) => isPlain(mixpanel)),
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
