import { type CatalogueVersion, catalogueVersions, resolveSelection } from '@braze-mixpanel/core/currents';
import { didYouMean } from './near-miss.ts';

/**
 * Suffix of a message about an event name that a catalogue version lacks: the version that has it, or similar
 * names; empty if there are none.
 */
export function nameHint(name: string, catalogueVersion: CatalogueVersion): string {
  for (const other of catalogueVersions.values()) {
    const found = other === catalogueVersion ? undefined : resolveSelection([name], other);
    if (!found?.ok || found.all) continue;
    const own = found.eventTypes.map(type => catalogueVersion.byType.get(type)).find(Boolean);
    return own === undefined
      ? ` Catalogue ${other.id} has it: set CURRENTS_GENERATION=${other.id}.`
      : ` It is called so in catalogue ${other.id}, and ${JSON.stringify(own.name)} in ${catalogueVersion.id}.`;
  }
  return didYouMean(
    name,
    catalogueVersion.entries.flatMap(entry => [entry.eventType, entry.name]),
  );
}
