import type { CatalogueEntry, CatalogueVersion } from './types.ts';

/** Outcome of {@link resolveSelection}: the event types, or the names that are unknown. */
export type Selection =
  /**
   * `eventTypes`: the named ones in the catalogue's order, each once. `all`: `all` is among the names, so that
   * every event type with a Mixpanel event is selected besides, those of the future among them.
   */
  | { readonly ok: true; readonly eventTypes: string[]; readonly all?: true }
  /** The unknown names, as they were given. */
  | { readonly ok: false; readonly unknown: string[] };

/**
 * Event types for names that an operator writes: Braze's event types (`users.messages.email.Send`) or
 * Mixpanel's event names (`Email Send`), in any letter case. `Custom Event` selects all custom events, `all`
 * every event type that has a Mixpanel event.
 *
 * @example
 * ```ts
 * import { catalogue2022_06, resolveSelection } from '@braze-mixpanel/core/currents';
 *
 * const selection = resolveSelection(['email send'], catalogue2022_06);
 * console.log(selection.ok && selection.eventTypes.join()); // users.messages.email.Send
 * ```
 */
export function resolveSelection(given: readonly string[], catalogueVersion: CatalogueVersion): Selection {
  const names = given.filter(name => normal(name) !== 'all');
  const byName = new Map(
    catalogueVersion.entries.flatMap(entry => namesOf(entry).map(name => [name, entry])),
  );
  const unknown = names.filter(name => !byName.has(normal(name)));
  if (unknown.length > 0) return { ok: false, unknown };
  const selected = new Set(names.map(name => byName.get(normal(name))));
  return {
    ok: true,
    ...(names.length < given.length && { all: true }),
    eventTypes: catalogueVersion.entries.filter(entry => selected.has(entry)).map(entry => entry.eventType),
  };
}

function namesOf(entry: CatalogueEntry): string[] {
  const names = [entry.eventType, entry.name];
  if (entry.naming) names.push('Custom Event', entry.naming.prefix);
  return names.map(normal);
}

function normal(name: string): string {
  return name.trim().toLowerCase();
}
