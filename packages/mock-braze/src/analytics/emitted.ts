/** Emitted events as analytics read them. */
import { isRecord } from '@braze-mixpanel/simulator-kit';

/** The parts of an event that analytics use. */
export interface Emitted {
  readonly eventType: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Braze's ID of the user, or else the external ID or the device; undefined without any. */
  readonly user: string | undefined;
}

/** The end of the years that a date with four digits shows, in seconds since 1970. */
const lastSecond = Date.UTC(9999, 11, 30) / 1_000;

/**
 * The parts of an event; undefined for a value without an event type. Emitted values are not validated, so any
 * field may be missing or wrong: a wrong time counts as `now`, in milliseconds since 1970.
 */
export function readEmitted(event: unknown, now: number): Emitted | undefined {
  if (!isRecord(event) || typeof event.event_type !== 'string') return undefined;
  const { event_type: eventType, time, properties, user } = event;
  const isTime = typeof time === 'number' && time >= 0 && time <= lastSecond;
  return {
    eventType,
    time: isTime ? time * 1_000 : now,
    properties: isRecord(properties) ? properties : {},
    user: isRecord(user) ? userOf(user) : undefined,
  };
}

function userOf({ user_id, external_user_id, device_id }: Record<string, unknown>): string | undefined {
  return shortText(user_id) ?? shortText(external_user_id) ?? shortText(device_id);
}

/** An ID or a name: a text of 1 to 255 characters; undefined for anything else. */
export function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 255 ? value : undefined;
}
