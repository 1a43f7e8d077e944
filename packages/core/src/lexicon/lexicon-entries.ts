import type { CatalogueEntry, PropertyType } from '../currents/types.ts';
import type { MappingOptions } from '../mapping/types.ts';
import type { LexiconEntry } from '../mixpanel/lexicon-schemas.ts';
import { eventDescription } from './event-descriptions.ts';
import { propertyDescription } from './property-descriptions.ts';

const jsonTypes = {
  string: 'string',
  float: 'number',
  int: 'integer',
  boolean: 'boolean',
  'string[]': 'array',
} as const satisfies Record<PropertyType, string>;

/**
 * Entries for Mixpanel's Lexicon: one for each event of the catalogue version that these mapping options send,
 * under the name that they give it, with its description, tags and properties.
 *
 * Left out are custom events, which your app names, free properties, and properties whose name begins with `$`,
 * which Mixpanel describes itself.
 *
 * @example
 * ```ts
 * import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
 * import { lexiconEntries } from '@braze-mixpanel/core/lexicon';
 *
 * const selection = new Set(['users.messages.email.Open']);
 * const [entry] = lexiconEntries({ catalogueVersion: catalogue2026_07, selection });
 * console.log(entry?.schemaJson.properties?.campaign_id?.description); // ID of the campaign.
 * ```
 */
export function lexiconEntries(options: MappingOptions): LexiconEntry[] {
  const { catalogueVersion, names } = options;
  return catalogueVersion.entries
    .filter(entry => entry.naming === undefined && isSent(entry, options))
    .map(entry => ({
      entityType: 'event',
      name: names?.get(entry.eventType) ?? entry.name,
      schemaJson: {
        description: eventDescription(entry),
        properties: propertiesOf(entry, options),
        metadata: { 'com.mixpanel': { tags: tagsOf(entry) } },
      },
    }));
}

/** As rules 3 to 5 of `mapEvent`, for an exclusion of the whole event type. */
function isSent({ eventType, noMixpanelEvent }: CatalogueEntry, options: MappingOptions): boolean {
  const { selection, alsoSend, exclusions = [] } = options;
  if (selection ? !selection.has(eventType) : noMixpanelEvent && !alsoSend?.has(eventType)) return false;
  return !exclusions.some(each => each.property === undefined && each.eventTypes?.has(eventType));
}

function propertiesOf({ properties, unlisted = [] }: CatalogueEntry, { sendUnlisted }: MappingOptions) {
  const sent = sendUnlisted ? [...properties, ...unlisted] : properties;
  const described = sent
    .filter(({ mixpanel }) => !mixpanel.startsWith('$'))
    .map(({ mixpanel, type }) => {
      const description = propertyDescription(mixpanel);
      return [
        mixpanel,
        { type: jsonTypes[type], ...(description !== undefined && { description }) },
      ] as const;
    });
  return Object.fromEntries(described);
}

/** `Braze`, and the section: `Braze Email`. */
const tagsOf = ({ section }: CatalogueEntry): string[] => [
  'Braze',
  `Braze ${section.replace(/ events$/i, '')}`,
];
