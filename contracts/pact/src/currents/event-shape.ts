import type {
  CatalogueEntry,
  CatalogueProperty,
  CurrentsEvent,
  PropertyType,
} from '@braze-mixpanel/core/currents';
import { MatchersV3 } from '@pact-foundation/pact';

const { boolean, integer, like, number, regex, string } = MatchersV3;

/**
 * The matcher for events of a type: exact event type and property names, values by type. A missing, misspelt
 * or additional name is a difference.
 */
export function eventShape(entry: CatalogueEntry, event: CurrentsEvent) {
  const { user, properties } = event;
  return {
    event_type: entry.eventType,
    id: regex('^[A-Za-z0-9-]{1,36}$', event.id),
    time: integer(event.time),
    user: Object.fromEntries(Object.entries(user).map(([name, value]) => [name, string(String(value))])),
    properties: {
      ...Object.fromEntries(
        [...entry.properties, ...(entry.unlisted ?? [])]
          .filter(({ source }) => source !== 'user')
          .map(property => [property.wire, typed(property, properties)]),
      ),
      ...(entry.naming && { [entry.naming.wire]: string(String(properties[entry.naming.wire])) }),
      ...(entry.free && { [entry.free.wire]: like(properties[entry.free.wire]) }),
    },
  };
}

const matcherOf: Readonly<Record<PropertyType, (value: unknown) => unknown>> = {
  string: value => string(String(value)),
  int: value => integer(Number(value)),
  float: value => number(Number(value)),
  boolean: value => boolean(value === true),
  'string[]': value => MatchersV3.eachLike(string(String(Array.isArray(value) ? value[0] : value))),
};

const typed = ({ wire, type }: CatalogueProperty, properties: CurrentsEvent['properties']) =>
  matcherOf[type](properties[wire]);
