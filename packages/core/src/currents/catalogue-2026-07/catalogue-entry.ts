import { catalogue2022_06 } from '../catalogue-2022-06/index.ts';
import type { CatalogueEntry, CatalogueProperty, CurrentsUser, PropertyType } from '../types.ts';
import type { GlossaryEntry, GlossaryField } from './glossary.ts';
import { sectionOf } from './sections.ts';

/** Fields of the envelope, which no entry lists. */
const envelope: ReadonlySet<string> = new Set([
  'id',
  'time',
  'user_id',
  'external_user_id',
  'device_id',
  'timezone',
]);

/** The catalogue entry of an event type of the glossary. */
export function catalogueEntry(glossary: GlossaryEntry): CatalogueEntry {
  const { eventType, title, customHttp, storage, mixpanel } = glossary;
  const { naming, free } = catalogue2022_06.byType.get(eventType) ?? {};
  const carried = customHttp?.properties ?? storage.filter(({ name }) => !envelope.has(name));
  const isListed = ({ name }: GlossaryField) => !mixpanel?.withheld.has(name);
  const unlisted = carried.filter(field => !isListed(field) && field.name !== naming?.wire);
  const fromUser = customHttp?.user.filter(({ name }) => mixpanel?.fromUser.has(name)) ?? [];
  const shared = {
    eventType,
    ...sectionOf(eventType),
    properties: [
      ...carried.filter(isListed).map(field => propertyOf(field, mixpanel?.renamed)),
      ...fromUser.map(field => ({ ...propertyOf(field), source: 'user' as const })),
    ],
    ...(customHttp && { user: customHttp.user.map(({ name }) => name as keyof CurrentsUser) }),
    ...(unlisted.length > 0 && { unlisted: unlisted.map(field => propertyOf(field)) }),
    ...(naming && { naming }),
    ...(free && { free }),
    ...(!customHttp && { storageOnly: true as const }),
  };
  if (!mixpanel) return { ...shared, name: titleCase(title), nameUnconfirmed: true, noMixpanelEvent: true };
  if (naming) return { ...shared, name: catalogue2022_06.byType.get(eventType)!.name };
  return isBare(mixpanel.heading)
    ? { ...shared, name: title, nameUnconfirmed: true }
    : { ...shared, name: mixpanel.heading };
}

/** Headings of the RCS and LINE tabs that do not name their channel. */
const bareHeadings: ReadonlySet<string> = new Set([
  'Abort',
  'Click',
  'Delivery',
  'Inbound Receive',
  'Read',
  'Rejection',
  'Send',
]);
const isBare = (heading: string) => bareHeadings.has(heading);

const titleCase = (title: string) => title.replace(/\b[a-z]/g, letter => letter.toUpperCase());

const propertyTypes: Readonly<Record<GlossaryField['type'], PropertyType>> = {
  string: 'string',
  int: 'int',
  long: 'int',
  float: 'float',
  boolean: 'boolean',
  'array of string': 'string[]',
};

function propertyOf({ name, type }: GlossaryField, renamed?: ReadonlyMap<string, string>): CatalogueProperty {
  return { wire: name, mixpanel: renamed?.get(name) ?? name, type: propertyTypes[type] };
}
