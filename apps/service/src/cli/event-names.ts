import { type CatalogueEntry, catalogueVersions } from '@braze-mixpanel/core/currents';
import { InvalidArgumentError } from 'commander';

const entries: readonly CatalogueEntry[] = [...catalogueVersions.values()].flatMap(
  version => version.entries,
);
const same = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase();

/**
 * Value of an option that is an event type of Braze. Any text may be one; the name of an event in Mixpanel is
 * refused with the event type that it stands for, since a filter by it would find nothing.
 *
 * @throws InvalidArgumentError
 */
export function eventTypeOption(text: string): string {
  const types = entries.filter(({ name }) => same(name, text)).map(({ eventType }) => eventType);
  if (types.length === 0) return text;
  throw new InvalidArgumentError(`This is a name in Mixpanel. ${meant(types)}`);
}

/**
 * Value of an option that is the name of an event in Mixpanel. Any text may be one; an event type of Braze is
 * refused with the names of the event.
 *
 * @throws InvalidArgumentError
 */
export function mixpanelNameOption(text: string): string {
  const found = entries.filter(({ eventType }) => same(eventType, text));
  if (found.length === 0) return text;
  const names = found.map(({ name, naming }) => (naming ? `${naming.prefix}<name>` : name));
  throw new InvalidArgumentError(`This is an event type of Braze. ${meant(names)}`);
}

const meant = (names: readonly string[]) =>
  `Did you mean ${[...new Set(names)].map(name => JSON.stringify(name)).join(' or ')}?`;

/** A name of an event in Mixpanel; an event without a type has none. */
export const eventText = (name: string): string => (name === '' ? '(no event type)' : name);
