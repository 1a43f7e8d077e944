import { z } from 'zod';
import type { EventOf } from './event-types.ts';
import type { CatalogueEntry, PropertyType } from './types.ts';

const userSchema = z.looseObject({
  user_id: z.string().nullish(),
  external_user_id: z.string().nullish(),
  device_id: z.string().nullish(),
  timezone: z.string().nullish(),
});

/** One Currents event of any type: what every event has. Braze adds fields without notice, so unknown ones pass. */
export const currentsEventSchema = z.looseObject({
  event_type: z.string().min(1),
  id: z.string().min(1),
  time: z.int().nonnegative(),
  user: userSchema,
  properties: z.record(z.string(), z.unknown()),
});

/** The body of a Currents request. It does not look into the events: one bad event must not refuse a batch. */
export const currentsBatchSchema = z.looseObject({ events: z.array(z.unknown()) });

const schemaOf = {
  string: z.string(),
  float: z.number(),
  int: z.int(),
  boolean: z.boolean(),
} satisfies Record<PropertyType, z.ZodType>;

/**
 * The schema of one event type, derived from its catalogue entry: listed properties have the listed type and may be
 * absent or null; a custom event has a name; free properties are an object, or JSON text as in the storage export.
 * Unlisted properties pass, as Braze sends more than the catalogue lists.
 *
 * For tests and tools. Deliveries are mapped without it: a drifted type is no reason to lose an event.
 */
export function eventSchema<const Entry extends CatalogueEntry>(entry: Entry): z.ZodType<EventOf<Entry>> {
  const properties: Record<string, z.ZodType> = {};
  for (const { wire, type } of entry.properties) properties[wire] = schemaOf[type].nullish();
  if (entry.naming) properties[entry.naming.wire] = z.string().min(1);
  if (entry.free) {
    properties[entry.free.wire] = z.union([z.record(z.string(), z.unknown()), z.string()]).nullish();
  }
  const schema = currentsEventSchema.extend({
    event_type: z.literal(entry.eventType),
    properties: z.looseObject(properties),
  });
  // The compiler can't follow the loop above; the entry decides both the shape and the type.
  return schema as unknown as z.ZodType<EventOf<Entry>>;
}
