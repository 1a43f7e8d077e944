import type { CodeOf } from '../../errors/catalogue.ts';
import { bodyText } from '../body/stored-body.ts';
import { hasTooManyValues } from './many-values.ts';

export type Envelope =
  /** A credential check of Braze: nothing to store. */
  { kind: 'probe' } | { kind: 'batch'; events: unknown[] } | { kind: 'refused'; code: CodeOf<'ingest'> };

/**
 * The kind of an inbound body. Only the whole is checked: `{"events":[…]}`, with any other keys. Single
 * events are checked at delivery, where a bad one becomes a dead letter and the others are delivered.
 *
 * A body of more than `maxEvents`, or of so many values that parsing it would need the memory of the whole
 * service, is refused (413): Braze then splits it, and no event is lost.
 *
 * Source of the probe forms (empty, `{}`, `{"events":[]}`): Braze, "Custom HTTP connector", credential check.
 */
export function readEnvelope(body: Uint8Array, maxEvents: number): Envelope {
  if (hasTooManyValues(body)) return { kind: 'refused', code: 'too_many_values' };
  const text = bodyText(body);
  if (text.trim() === '') return { kind: 'probe' };
  const parsed = parse(text);
  if (parsed === undefined) return { kind: 'refused', code: 'body_not_json' };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'refused', code: 'events_not_an_array' };
  }
  if (Object.keys(value).length === 0) return { kind: 'probe' };
  if (!Object.hasOwn(value, 'events') || !('events' in value) || !Array.isArray(value.events)) {
    if (Object.hasOwn(value, 'event_type')) return { kind: 'refused', code: 'event_without_batch' };
    return { kind: 'refused', code: 'events_not_an_array' };
  }
  const { length } = value.events;
  if (length > maxEvents) return { kind: 'refused', code: 'too_many_events' };
  return length === 0 ? { kind: 'probe' } : { kind: 'batch', events: value.events };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
