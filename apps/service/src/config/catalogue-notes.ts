import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { billingOf } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from './config.ts';
import { defaultCatalogueVersion } from './default-catalogue-version.ts';
import { mappingOptionsOf } from './mapping-options.ts';
import { namesOfType } from './names-of-type.ts';
import { qualified } from './qualified.ts';

/**
 * The catalogue version of a connection in a sentence; then, in a sentence each, the event names in Mixpanel that
 * differ from those of the default version, with the connection's own names.
 */
export function catalogueNotes({ name, currents }: Pick<ConnectionConfig, 'name' | 'currents'>): string[] {
  const version = catalogueVersions.get(currents.catalogueVersion)!;
  const former = catalogueVersions.get(defaultCatalogueVersion)!;
  const renamed = former.entries.flatMap(entry => {
    const own = currents.names[entry.eventType] ?? version.byType.get(entry.eventType)?.name;
    const isSelected = currents.selection?.includes(entry.eventType) ?? true;
    return own === undefined || own === entry.name || !isSelected ? [] : [`${entry.name} is now ${own}.`];
  });
  const differ = renamed.length === 1 ? '1 event name differs' : `${renamed.length} event names differ`;
  const compared =
    version === former && renamed.length === 0
      ? ''
      : `; ${differ} from ${former.id}, see docs/catalogue-changes.md`;
  return [`Connection ${name}: event catalogue ${version.id}${compared}.`, ...renamed];
}

/**
 * A sentence for each delivered event type that Mixpanel bills only because its name is spelled differently
 * from its list of exempt events, or is so in another catalogue version.
 */
export function billingWarnings({ name, currents }: ConnectionConfig): string[] {
  const { entries } = catalogueVersions.get(currents.catalogueVersion)!;
  return entries.flatMap(entry => {
    const chosen = currents.names[entry.eventType];
    const sent = chosen ?? entry.name;
    const isSelected = currents.selection?.includes(entry.eventType) ?? true;
    if (billingOf(sent).kind === 'exempt' || !isSelected) return [];
    // A name that is exempt but for its spelling may be that of another catalogue version.
    const names = chosen === undefined ? namesOfType(entry.eventType) : [chosen];
    const billing = names.map(billingOf).find(({ kind }) => kind === 'spelled_differently');
    if (billing?.kind !== 'spelled_differently') return [];
    const override = JSON.stringify({ [entry.eventType]: billing.exemptAs });
    return [
      `${qualified(name, 'CURRENTS_NAMES')} does not rename "${sent}", so Mixpanel bills each of these events: its list of exempt events has "${billing.exemptAs}", and as far as its documentation says, names must be equal. To avoid this, set CURRENTS_NAMES to ${override}.`,
    ];
  });
}

/**
 * A sentence for each exclusion by a property that no event of the exclusion has in the catalogue: it may be
 * misspelled, or newer than the catalogue.
 */
export function exclusionWarnings(connection: Pick<ConnectionConfig, 'name' | 'currents'>): string[] {
  const { catalogueVersion, exclusions = [] } = mappingOptionsOf(connection);
  return exclusions.flatMap(({ text, eventTypes, property }) => {
    const concerned = catalogueVersion.entries.filter(entry => eventTypes?.has(entry.eventType) ?? true);
    const known = concerned.flatMap(({ properties, unlisted = [], naming, free }) => [
      ...[...properties, ...unlisted].map(({ wire }) => wire),
      ...[naming, free].flatMap(each => (each === undefined ? [] : [each.wire])),
    ]);
    if (property === undefined || known.includes(property)) return [];
    return [
      `${qualified(connection.name, 'CURRENTS_EXCLUDE')} has ${JSON.stringify(text)}, but event catalogue ${catalogueVersion.id} has no property ${JSON.stringify(property)} there. Check the spelling in docs/events.md: nothing is excluded unless Braze sends that property.`,
    ];
  });
}
