/** The effects of `/users/track`: changes of users, and the resulting Currents events. */
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { updateAttributes } from '../users/attributes.ts';
import type { Users } from '../users/users.ts';
import type { InputArray } from './input-arrays.ts';
import type { TrackObject } from './track-request.ts';

export interface Tracked {
  readonly processed: Readonly<Record<InputArray, number>>;
  readonly events: readonly CurrentsEvent[];
}

/**
 * Applies the objects in order. An object for a user that does not exist, and may not be created, has no
 * effect and counts as processed: Braze counts queued objects, before it looks up the user. A time in the
 * future becomes `now`, in milliseconds since 1970.
 */
export function track(
  users: Users,
  objects: readonly TrackObject[],
  newId: () => string,
  now: number,
): Tracked {
  const processed = { attributes: 0, events: 0, purchases: 0 };
  const events: CurrentsEvent[] = [];
  for (const object of objects) {
    processed[object.array] += 1;
    const number = users.find(object.reference) ?? make(users, object);
    if (number === undefined) continue;
    if (object.array === 'attributes') setAttributes(users, number, object);
    else
      for (let left = quantityOf(object); left > 0; left -= 1)
        events.push(currentsEvent(users, number, object, newId(), now));
  }
  return { processed, events };
}

/**
 * Whether an object may create its user. External IDs, e-mail addresses and phone numbers do unless
 * `_update_existing_only` is true, an alias only if it is explicitly false, a Braze ID never.
 */
function make(users: Users, { reference, existingOnly }: TrackObject): number | undefined {
  if (existingOnly === true || 'braze_id' in reference || 'device_id' in reference) return undefined;
  if ('external_id' in reference) return users.put(reference).number;
  if ('user_alias' in reference) {
    return existingOnly === false ? users.put({ aliases: [reference.user_alias] }).number : undefined;
  }
  return users.put({ attributes: { ...reference } }).number;
}

/** Braze treats a quantity as that many purchases; the Purchase event of Currents has no quantity. */
function quantityOf({ array, fields }: TrackObject): number {
  return array === 'purchases' && typeof fields.quantity === 'number' ? fields.quantity : 1;
}

function setAttributes(users: Users, number: number, { fields, mergeObjects }: TrackObject): void {
  const { time_zone: timezone, ...attributes } = fields;
  const current = users.get(number)?.attributes ?? {};
  users.change(number, {
    attributes: updateAttributes(current, attributes, mergeObjects),
    ...(typeof timezone === 'string' && { timezone }),
  });
}

function currentsEvent(
  users: Users,
  number: number,
  object: TrackObject,
  id: string,
  now: number,
): CurrentsEvent {
  const { name, properties = {}, app_id, product_id, price, currency } = object.fields;
  const user = users.get(number);
  return {
    event_type: object.array === 'events' ? 'users.behaviors.CustomEvent' : 'users.behaviors.Purchase',
    id,
    time: Math.floor(Math.min(object.time ?? now, now) / 1_000),
    user: {
      user_id: user?.braze_id ?? null,
      external_user_id: user?.external_id ?? null,
      device_id: user?.device_ids[0] ?? null,
      timezone: user?.timezone ?? null,
    },
    properties:
      object.array === 'events'
        ? { app_id, name, custom_properties: properties }
        : { app_id, product_id, price, currency, purchase_properties: properties },
  };
}
