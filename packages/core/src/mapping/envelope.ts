import { identityOf } from '../mixpanel/identity.ts';
import { isJsonObject } from './json-object.ts';
import type { NoteTaker } from './notes.ts';
import type { DeadReason, MappingResult } from './types.ts';

/** Field of the envelope: its value, or the outcome of an event without a valid one. */
export type Field<T extends string | number> = T | Exclude<MappingResult, { outcome: 'mapped' }>;

export function dead(
  reason: DeadReason,
  detail: string,
): { outcome: 'dead'; reason: DeadReason; detail: string } {
  return { outcome: 'dead', reason, detail };
}

/**
 * `user.external_user_id`. An event without one is skipped, as Braze's own export to Mixpanel does, or with
 * `sendUnattributed` gets the empty `distinct_id`.
 */
export function distinctIdOf(user: unknown, notes: NoteTaker, sendUnattributed: boolean): Field<string> {
  if (user === undefined || user === null) return withoutUser(notes, sendUnattributed);
  if (!isJsonObject(user)) {
    return dead('refused_distinct_id', `user must be an object with external_user_id, got ${shown(user)}`);
  }
  const given = user.external_user_id;
  const identity = identityOf(given);
  if (identity.kind === 'none') return withoutUser(notes, sendUnattributed);
  if (identity.kind === 'refused') {
    const detail =
      identity.because === 'placeholder'
        ? `user.external_user_id is ${shown(given)}, a placeholder that Mixpanel rejects as distinct_id`
        : `user.external_user_id must be a string, got ${shown(given)}`;
    return dead('refused_distinct_id', detail);
  }
  const { id, placeholder } = identity;
  if (typeof given === 'number') notes.taken.drifted.push('external_user_id');
  else if (given !== id) notes.taken.textRepaired = true;
  if (placeholder !== undefined) notes.taken.placeholderIds.push(placeholder);
  return id;
}

function withoutUser(notes: NoteTaker, sendUnattributed: boolean): Field<string> {
  if (!sendUnattributed) return skippedWithoutUser;
  notes.taken.unattributed = true;
  return '';
}

const skippedWithoutUser = { outcome: 'skipped', reason: 'no_external_user_id' } as const;

/** `id` of the event. Without it, an event that is sent again would be indistinguishable from a new one. */
export function currentsIdOf(id: unknown, notes: NoteTaker): Field<string> {
  const text = textOf(id);
  if (text === undefined || text === '') {
    return dead('invalid_id', `id must be a non-empty string, got ${shown(id)}`);
  }
  if (typeof id === 'number') notes.taken.drifted.push('id');
  return text;
}

/**
 * A string, or the decimal digits of a number; none of a number that JSON may have rounded, since two IDs
 * could have become one.
 */
function textOf(id: unknown): string | undefined {
  if (typeof id === 'string') return id;
  if (typeof id !== 'number' || !Number.isFinite(id)) return undefined;
  return Math.abs(id) <= Number.MAX_SAFE_INTEGER ? String(id) : undefined;
}

/** A value as an error message quotes it: short, and never a whole object. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `the ${typeof value} ${String(value)}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
