import type { DeadLetterFilter } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { moment, plainName } from './query.ts';

/** A filter of dead letters in a query or a body; without fields, all dead letters. */
export const filterShape = {
  connection: plainName.optional(),
  reason: plainName.optional(),
  event_type: z.string().optional(),
  insert_id: z.string().optional(),
  /** Failed at this moment or later. */
  since: moment.optional(),
  /** Failed before this moment. */
  until: moment.optional(),
};

export const filterWords =
  'connection, reason, event_type, insert_id, since and until (times such as 2026-01-31T12:00:00Z)';

export function filterOf(written: z.output<z.ZodObject<typeof filterShape>>): DeadLetterFilter {
  const { connection, reason, event_type: eventType, insert_id: insertId, since, until } = written;
  return {
    ...(connection !== undefined && { connection }),
    ...(reason !== undefined && { reason }),
    ...(eventType !== undefined && { eventType }),
    ...(insertId !== undefined && { insertId }),
    ...(since !== undefined && { diedFrom: since }),
    ...(until !== undefined && { diedBefore: until }),
  };
}
