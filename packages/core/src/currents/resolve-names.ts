import { resolveSelection } from './selection.ts';
import type { CatalogueVersion } from './types.ts';

/** Longest event name that an override may have, which is Mixpanel's limit of a string. */
const longestName = 255;

/** Outcome of {@link resolveNames}: names by event type, or one sentence for each fault. */
export type ResolvedNames =
  | { readonly ok: true; readonly names: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly faults: string[] };

/**
 * Event names in Mixpanel that an operator chose instead of the catalogue's, by event type. Keys are event
 * types or event names of the catalogue version, in any letter case.
 *
 * A fault is a key that names no event type, two keys for one event type, a name that Mixpanel reserves or
 * does not accept, and two event types under one name.
 *
 * @example
 * ```ts
 * import { catalogue2026_07, resolveNames } from '@braze-mixpanel/core/currents';
 *
 * const resolved = resolveNames({ 'RCS Send': 'RCS Message Sent' }, catalogue2026_07);
 * console.log(resolved.ok && resolved.names.get('users.messages.rcs.Send')); // RCS Message Sent
 * ```
 */
export function resolveNames(
  overrides: Readonly<Record<string, string>>,
  catalogueVersion: CatalogueVersion,
): ResolvedNames {
  const names = new Map<string, string>();
  const faults: string[] = [];
  for (const [key, name] of Object.entries(overrides)) {
    const selection = resolveSelection([key], catalogueVersion);
    const eventType = selection.ok && !selection.all ? selection.eventTypes[0] : undefined;
    const fault =
      eventType === undefined
        ? `${shown(key)} is no event of catalogue ${catalogueVersion.id}`
        : catalogueVersion.byType.get(eventType)?.naming
          ? `${shown(key)} cannot be renamed: your app names its custom events`
          : names.has(eventType)
            ? `${shown(key)} names ${eventType}, which has another name already`
            : faultOf(name);
    if (fault !== undefined) faults.push(fault);
    else names.set(eventType!, name);
  }
  const all = [...faults, ...sharedNames(names, catalogueVersion)];
  return all.length === 0 ? { ok: true, names } : { ok: false, faults: all };
}

function faultOf(name: string): string | undefined {
  if (name.trim() === '') return 'a name is empty';
  if (name !== name.trim()) return `the name ${shown(name)} begins or ends with white space`;
  if (name.startsWith('$')) return `the name ${shown(name)} begins with $, which Mixpanel reserves`;
  if (name.startsWith('[Braze Custom Event]'))
    return `the name ${shown(name)} begins as those of custom events do`;
  if (/[\p{Cc}\p{Cs}]/u.test(name)) return `the name ${shown(name)} has a control character`;
  return name.length > longestName
    ? `the name ${shown(name)} has more than ${longestName} characters`
    : undefined;
}

function sharedNames(names: ReadonlyMap<string, string>, { entries }: CatalogueVersion): string[] {
  const types = new Map<string, string[]>();
  for (const { eventType, name } of entries) {
    const own = names.get(eventType) ?? name;
    types.set(own, [...(types.get(own) ?? []), eventType]);
  }
  return [...types]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([name, sharing]) => `${sharing.join(' and ')} would both be named ${shown(name)}`);
}

const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
