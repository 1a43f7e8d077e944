import type { CatalogueEntry, CatalogueVersion } from './types.ts';

export type Selection =
  /** In the catalogue's order, each once. */
  | { readonly ok: true; readonly eventTypes: string[] }
  /** The names that are neither, as they were given. */
  | { readonly ok: false; readonly unknown: string[] };

/**
 * Event types from names as people write them: Braze's event types (`users.messages.email.Send`) or Mixpanel's event
 * names (`Email Send`), in any letter case; `Custom Event` stands for all custom events.
 */
export function resolveSelection(names: readonly string[], catalogueVersion: CatalogueVersion): Selection {
  const byName = new Map(
    catalogueVersion.entries.flatMap(entry => namesOf(entry).map(name => [name, entry])),
  );
  const unknown = names.filter(name => !byName.has(normal(name)));
  if (unknown.length > 0) return { ok: false, unknown };
  const selected = new Set(names.map(name => byName.get(normal(name))));
  return {
    ok: true,
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
