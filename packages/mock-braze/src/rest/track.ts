/** The effects of `/users/track`: changes of users, and the resulting Currents events. */
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { updateAttributes } from '../users/attributes.ts';
import { withOccurrences } from '../users/history.ts';
import { withKnownEntries } from '../users/standard-fields.ts';
import type { Users } from '../users/users.ts';
import type { InputArray } from './input-arrays.ts';
import { type StateChange, subscriptionEvents } from './subscription-events.ts';
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
    const time = Math.min(object.time ?? now, now);
    for (const change of applied(users, number, object, time))
      events.push({ ...change, id: newId(), time: Math.floor(time / 1_000), user: userOf(users, number) });
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

/** Changes the user, and returns what Currents reports of it. */
function applied(users: Users, number: number, object: TrackObject, time: number): StateChange[] {
  const { custom_events, purchases, total_revenue } = users.history(number);
  const { name, properties, app_id, product_id, price, currency, quantity = 1 } = object.fields;
  if (object.array === 'attributes') return setAttributes(users, number, object);
  if (object.array === 'events') {
    users.change(number, { custom_events: withOccurrences(custom_events, String(name), time, 1) });
    const event = { app_id, name, custom_properties: properties };
    return [{ event_type: 'users.behaviors.CustomEvent', properties: event }];
  }
  // Braze treats a quantity as that many purchases; the Purchase event of Currents has no quantity.
  const count = Number(quantity);
  users.change(number, {
    purchases: withOccurrences(purchases, String(product_id), time, count),
    total_revenue: total_revenue + Number(price) * count,
  });
  const purchase = { app_id, product_id, price, currency, purchase_properties: properties };
  return Array.from({ length: count }, () => ({
    event_type: 'users.behaviors.Purchase',
    properties: purchase,
  }));
}

function setAttributes(users: Users, number: number, { fields, mergeObjects }: TrackObject): StateChange[] {
  const { time_zone: timezone, ...given } = fields;
  const before = users.get(number)?.attributes ?? {};
  const attributes = updateAttributes(before, withKnownEntries(before, given), mergeObjects);
  users.change(number, { attributes, ...(typeof timezone === 'string' && { timezone }) });
  return subscriptionEvents(before, attributes);
}

function userOf(users: Users, number: number): CurrentsEvent['user'] {
  const user = users.get(number);
  return {
    user_id: user?.braze_id ?? null,
    external_user_id: user?.external_id ?? null,
    device_id: user?.device_ids[0] ?? null,
    timezone: user?.timezone ?? null,
  };
}
