/** The request of `/users/track`: each object is validated before anything changes. */
import { trackErrors, usersTrackLimits } from '@braze-mixpanel/core/braze';
import { isRecord, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAlias, type UserReference } from '../users/user.ts';
import { eventTimeOf } from './event-time.ts';
import { isFilled } from './fields.ts';
import { type InputArray, inputArrays } from './input-arrays.ts';
import { cutName, cutTexts } from './lengths.ts';
import { fieldError } from './track-fields.ts';

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
  /** `_merge_objects`: objects are merged into those that the user has, at every level. */
  readonly mergeObjects: boolean;
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
    return { ok: false, message: 'Max Input Length Exceeded', errors: [] };
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

function readObject(array: InputArray, object: unknown): TrackObject | string {
  if (!isRecord(object)) return trackErrors.noIdentifier;
  const reference = readReference(object);
  if (!reference) return trackErrors.noIdentifier;
  if (
    'external_id' in reference &&
    Buffer.byteLength(reference.external_id) >= usersTrackLimits.externalIdBytes
  )
    return trackErrors.externalIdTooLong;
  const error = fieldError(array, object);
  if (error !== undefined) return error;
  const { external_id, braze_id, user_alias, ...others } = object;
  const { _update_existing_only: existingOnly, _merge_objects: merge, ...fields } = others;
  return {
    array,
    reference,
    fields: array === 'attributes' ? cutAttributes(fields) : cutFields(fields),
    time: array === 'attributes' ? undefined : eventTimeOf(fields.time),
    existingOnly: typeof existingOnly === 'boolean' ? existingOnly : undefined,
    mergeObjects: merge === true,
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

function cutAttributes(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [cutName(name), cutTexts(value)]));
}

/** Braze captures the first 256 properties of an event or a purchase. */
const mostProperties = 256;

function cutFields({ name, properties, ...fields }: Record<string, unknown>): Record<string, unknown> {
  const entries = isRecord(properties) ? Object.entries(properties).slice(0, mostProperties) : [];
  return {
    ...fields,
    ...(typeof name === 'string' && { name: cutName(name) }),
    properties: Object.fromEntries(entries.map(([key, value]) => [key, cutTexts(value)])),
  };
}
