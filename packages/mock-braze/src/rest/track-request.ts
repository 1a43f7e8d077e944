/** The request of `/users/track`: each object is validated before anything changes. */
import { trackErrors, usersTrackLimits } from '@braze-mixpanel/core/braze';
import { isRecord, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAlias, type UserReference } from '../users/user.ts';
import { eventTimeOf } from './event-time.ts';
import { isFilled } from './fields.ts';

export const inputArrays = ['attributes', 'events', 'purchases'] as const;
export type InputArray = (typeof inputArrays)[number];

interface TrackError {
  readonly type: string;
  readonly input_array: InputArray;
  readonly index: number;
}

export interface TrackObject {
  readonly array: InputArray;
  readonly reference: UserReference;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Time of an event or a purchase, in milliseconds since 1970, as sent: it may be in the future. */
  readonly time: number | undefined;
  /** `_update_existing_only`; `undefined` if not given. */
  readonly existingOnly: boolean | undefined;
}

export type TrackRequest =
  | { readonly ok: true; readonly objects: readonly TrackObject[]; readonly errors: readonly TrackError[] }
  | { readonly ok: false; readonly message: string; readonly errors: readonly TrackError[] };

/**
 * A request without any valid object is rejected as a whole; otherwise the valid objects are processed and
 * the others listed.
 */
export function readTrack(body: unknown, refused?: SimRequest['refused']): TrackRequest {
  if (!isRecord(body)) return { ok: false, message: trackErrors.noData, errors: [] };
  const all: { array: InputArray; object: unknown; index: number }[] = [];
  for (const array of inputArrays) {
    const list = body[array] ?? [];
    if (!Array.isArray(list)) return { ok: false, message: trackErrors.noData, errors: [] };
    for (const [index, object] of list.entries()) all.push({ array, object, index });
  }
  if (all.length > usersTrackLimits.objectsPerRequest) {
    // Braze documents the limit without a message.
    const message = `Only ${usersTrackLimits.objectsPerRequest} objects are allowed per request in 'attributes', 'events' and 'purchases' together.`;
    return { ok: false, message, errors: [] };
  }
  const objects: TrackObject[] = [];
  const errors: TrackError[] = [];
  const chosen = refused?.(all.length);
  for (const [place, { array, object, index }] of all.entries()) {
    const read = chosen?.has(place)
      ? 'refused by a partial fault of the simulator'
      : readObject(array, object);
    if (typeof read === 'string') errors.push({ type: read, input_array: array, index });
    else objects.push(read);
  }
  if (objects.length === 0) return { ok: false, message: trackErrors.noData, errors };
  return { ok: true, objects, errors };
}

const required: Readonly<Record<InputArray, readonly (readonly [string, 'string' | 'number' | 'time'])[]>> = {
  attributes: [],
  events: [
    ['name', 'string'],
    ['time', 'time'],
  ],
  purchases: [
    ['product_id', 'string'],
    ['currency', 'string'],
    ['price', 'number'],
    ['time', 'time'],
  ],
};

function readObject(array: InputArray, object: unknown): TrackObject | string {
  if (!isRecord(object)) return trackErrors.noIdentifier;
  const reference = readReference(object);
  if (!reference) return trackErrors.noIdentifier;
  if (
    'external_id' in reference &&
    Buffer.byteLength(reference.external_id) >= usersTrackLimits.externalIdBytes
  )
    return trackErrors.externalIdTooLong;
  for (const [name, type] of required[array]) {
    if (!isOfType(object[name], type)) return `'${name}' is required and must be a ${type}`;
  }
  const { external_id, braze_id, user_alias, _update_existing_only: existingOnly, ...fields } = object;
  return {
    array,
    reference,
    fields,
    time: array === 'attributes' ? undefined : eventTimeOf(fields.time),
    existingOnly: typeof existingOnly === 'boolean' ? existingOnly : undefined,
  };
}

/** External ID first, e-mail and phone last: those two are attributes as well. */
function readReference(object: Record<string, unknown>): UserReference | undefined {
  const { external_id, braze_id, user_alias, email, phone } = object;
  if (isFilled(external_id)) return { external_id };
  if (isFilled(braze_id)) return { braze_id };
  if (isAlias(user_alias)) return { user_alias };
  if (isFilled(email)) return { email };
  if (isFilled(phone)) return { phone };
  return undefined;
}

function isOfType(value: unknown, type: 'string' | 'number' | 'time'): boolean {
  if (type === 'number') return typeof value === 'number';
  if (type === 'string') return isFilled(value);
  return eventTimeOf(value) !== undefined;
}
