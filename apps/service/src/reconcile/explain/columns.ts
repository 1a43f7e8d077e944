import { z } from 'zod';

/**
 * A number of events, or the reason why there is none: it could not be read, or the vendor has no series that
 * could be compared. Neither is ever 0.
 */
export const columnSchema = z.union([
  z.object({ events: z.int() }).readonly(),
  z.object({ notKnown: z.string() }).readonly(),
  z.object({ notComparable: z.string() }).readonly(),
]);
export type Column = z.output<typeof columnSchema>;

/** The number of a column; `undefined` where there is none. */
export const eventsOf = (column: Column): number | undefined =>
  'events' in column ? column.events : undefined;
