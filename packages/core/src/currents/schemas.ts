import { z } from 'zod';
import type { EventOf } from './event-types.ts';
import type { CatalogueEntry, PropertyType } from './types.ts';

const userSchema = z.looseObject({
  user_id: z.string().nullish(),
  external_user_id: z.string().nullish(),
  device_id: z.string().nullish(),
  timezone: z.string().nullish(),
});

/**
 * Schema of the envelope that every Currents event has. Unknown fields pass, since Braze adds fields without
 * notice.
 *
 * @see
 * https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/custom_http_connector/
 */
export const currentsEventSchema = z.looseObject({
  event_type: z.string().min(1),
  id: z.string().min(1),
  time: z.int().nonnegative(),
  user: userSchema,
  properties: z.record(z.string(), z.unknown()),
});

/**
 * Schema of the body of a Currents request. It does not validate the events, since one invalid event must not
 * reject a batch.
 *
 * @see
 * https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/custom_http_connector/
 */
export const currentsBatchSchema = z.looseObject({ events: z.array(z.unknown()) });

const schemaOf = {
  string: z.string(),
  float: z.number(),
  int: z.int(),
  boolean: z.boolean(),
  'string[]': z.array(z.string()),
} satisfies Record<PropertyType, z.ZodType>;

/**
 * Schema of one event type, derived from its catalogue entry. Listed properties have the listed type and may
 * be absent or null; a custom event has a name; free properties are an object, or its JSON text as in the
 * storage export. Unlisted properties pass, since Braze sends more than the catalogue lists.
 *
 * For tests and tools. The mapping does not use it, so that no event is lost because of a property of another
 * type.
 *
 * @example
 * ```ts
 * import { catalogue2022_06, eventSchema, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
 *
 * const entry = catalogue2022_06.byType.get('users.messages.email.Open');
 * if (entry) {
 *   const event = sampleEvent(entry, { random: seededRandom(1), time: 1_700_000_000 });
 *   console.log(eventSchema(entry).safeParse(event).success); // true
 * }
 * ```
 */
export function eventSchema<const Entry extends CatalogueEntry>(entry: Entry): z.ZodType<EventOf<Entry>> {
  const properties: Record<string, z.ZodType> = {};
  for (const { wire, type, source } of entry.properties)
    if (source !== 'user') properties[wire] = schemaOf[type].nullish();
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
