import {
  type CatalogueVersion,
  catalogue2022_06,
  type GlossaryEntry,
  type GlossaryField,
  type GlossaryType,
  glossary2026_07,
} from '@braze-mixpanel/core/currents';

/** Event type of the storage export, with the fields of its records. */
export type StoredType = Pick<GlossaryEntry, 'eventType' | 'storage'>;

/** Fields in the order of a record; those of which `optional` is true may be null. */
const field = (name: string, type: GlossaryType, optional = false): GlossaryField => ({
  ...{ name, type, optional, personal: false },
});

const cardFields = [
  ...[field('id', 'string'), field('user_id', 'string'), field('external_user_id', 'string', true)],
  ...[field('app_id', 'string'), field('time', 'int'), field('timezone', 'string', true)],
  field('card_id', 'string'),
  ...['platform', 'os_version', 'device_model', 'device_id'].map(name => field(name, 'string', true)),
];
const feedFields = cardFields.filter(({ name }) => name !== 'timezone' && name !== 'card_id');

/** The News Feed event types, which Braze has retired, as in its published sample files (seen 2026). */
const retired: readonly StoredType[] = [
  { eventType: 'users.messages.newsfeedcard.Impression', storage: cardFields },
  { eventType: 'users.messages.newsfeedcard.Click', storage: cardFields },
  { eventType: 'users.behaviors.app.NewsFeedImpression', storage: feedFields },
];

/**
 * In-app messages had no `version` in Braze's published sample files; all other fields of the types of
 * 2022-06 are those of the glossary of 2026-07.
 */
const of2022: readonly StoredType[] = [
  ...glossary2026_07
    .filter(({ eventType }) => catalogue2022_06.byType.has(eventType))
    .map(({ eventType, storage }) => ({
      eventType,
      storage: eventType.startsWith('users.messages.inappmessage.')
        ? storage.filter(({ name }) => name !== 'version')
        : storage,
    })),
  ...retired,
];

const byType = (types: readonly StoredType[]): ReadonlyMap<string, StoredType> =>
  new Map(types.map(type => [type.eventType, type]));
const newest = byType(glossary2026_07);
const oldest = byType(of2022);

/**
 * The event types of the storage export in a catalogue version, by name: 41 in 2022-06, 94 in 2026-07.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/
 * @example
 * ```ts
 * import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
 * import { storedTypes } from '@braze-mixpanel/currents-files';
 *
 * console.log(storedTypes(catalogue2026_07).size); // 94
 * ```
 */
export function storedTypes({ id }: CatalogueVersion): ReadonlyMap<string, StoredType> {
  return id === catalogue2022_06.id ? oldest : newest;
}
