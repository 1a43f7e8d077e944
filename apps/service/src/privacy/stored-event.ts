import { secondsOf } from '@braze-mixpanel/core/mapping';
import { z } from 'zod';

/** What identifies a stored event, in the answers about one user. */
export const eventShape = {
  id: z.string().nullable().describe('Currents ID.'),
  eventType: z.string().nullable(),
  time: z.string().nullable().describe("The event's own time."),
};

/** ID, type and time of a parsed event; `null` where it has none. */
export function storedEvent(event: unknown) {
  const {
    id,
    event_type: type,
    time,
  } = (typeof event === 'object' && event !== null ? event : {}) as {
    id?: unknown;
    event_type?: unknown;
    time?: unknown;
  };
  const seconds = secondsOf(time);
  return {
    id: typeof id === 'string' ? id : null,
    eventType: typeof type === 'string' ? type : null,
    time: seconds === undefined ? null : isoTime(seconds * 1_000),
  };
}

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
