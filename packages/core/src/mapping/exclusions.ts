import { resolveSelection } from '../currents/selection.ts';
import type { CatalogueVersion } from '../currents/types.ts';
import type { JsonObject } from './json-object.ts';

/**
 * Events that are not delivered: an event type, or any, and optionally a property that must be present or
 * have a value. {@link parseExclusion} reads it.
 */
export interface Exclusion {
  /** The exclusion as it was written, which is the reason in counts. */
  readonly text: string;
  /** Braze's event types; absent: all. */
  readonly eventTypes?: ReadonlySet<string>;
  /** Name of a property of `properties`; absent: the event type decides alone. */
  readonly property?: string;
  /** Value of the property as text; absent: any but null. */
  readonly value?: string;
}

/**
 * Outcome of {@link parseExclusion}: the exclusion, or what is wrong, as a predicate of the text.
 * `unknownEvent`: the name that is no event of the catalogue version.
 */
export type ExclusionResult =
  | { readonly ok: true; readonly exclusion: Exclusion }
  | { readonly ok: false; readonly message: string; readonly unknownEvent?: string };

/**
 * Reads an exclusion: `<event>`, `<event> where <property>` or `<event> where <property> = <value>`. The event
 * is an event type, an event name of the catalogue version, `Custom Event`, or `*` for all. Values are
 * compared as text, so that `true` matches the boolean and the string.
 *
 * @example
 * ```ts
 * import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
 * import { parseExclusion } from '@braze-mixpanel/core/mapping';
 *
 * const result = parseExclusion('Email Open where machine_open', catalogue2022_06);
 * console.log(result.ok && result.exclusion.property); // machine_open
 * ```
 */
export function parseExclusion(text: string, catalogueVersion: CatalogueVersion): ExclusionResult {
  const at = text.search(/ where(?: |$)/);
  const event = (at < 0 ? text : text.slice(0, at)).trim();
  const condition = at < 0 ? undefined : text.slice(at + ' where'.length);
  const equals = condition?.indexOf('=') ?? -1;
  const property = (equals < 0 ? condition : condition?.slice(0, equals))?.trim();
  const value = equals < 0 ? undefined : condition?.slice(equals + 1).trim();
  if (property === '') return { ok: false, message: 'names no property after "where"' };
  if (event === '*' && property === undefined) return { ok: false, message: 'excludes every event' };
  const rest = { text, ...(property !== undefined && { property }), ...(value !== undefined && { value }) };
  if (event === '*') return { ok: true, exclusion: rest };
  const selection = resolveSelection([event], catalogueVersion);
  if (!selection.ok || selection.all) {
    const message = `names ${JSON.stringify(event)}, which is no event of catalogue ${catalogueVersion.id}`;
    return { ok: false, message, unknownEvent: event };
  }
  return { ok: true, exclusion: { ...rest, eventTypes: new Set(selection.eventTypes) } };
}

/** The first exclusion that applies to an event. */
export function exclusionOf(
  exclusions: readonly Exclusion[],
  eventType: string,
  properties: JsonObject,
): Exclusion | undefined {
  return exclusions.find(({ eventTypes, property, value }) => {
    if (eventTypes !== undefined && !eventTypes.has(eventType)) return false;
    if (property === undefined) return true;
    const own = Object.hasOwn(properties, property) ? properties[property] : undefined;
    if (own === undefined || own === null) return false;
    return value === undefined || String(own) === value;
  });
}
