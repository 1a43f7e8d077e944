/**
 * The custom events and purchases of a user, counted by name, as `/users/export/ids` returns them. Braze
 * keeps the first and the last time and the number, not the events themselves.
 */
import { z } from 'zod';

export const occurrencesSchema = z
  .array(
    z
      .strictObject({
        /** Name of the event, or ID of the product. */
        name: z.string(),
        /** ISO 8601. */
        first: z.iso.datetime(),
        last: z.iso.datetime(),
        count: z.int().positive(),
      })
      .readonly(),
  )
  .readonly();
export type Occurrences = z.output<typeof occurrencesSchema>;

export interface History {
  readonly custom_events: Occurrences;
  readonly purchases: Occurrences;
  /** Sum of the prices of all purchases, without an exchange of currencies. */
  readonly total_revenue: number;
}

/** Shared by all users without events, of which there may be a million. */
export const noHistory: History = Object.freeze({ custom_events: [], purchases: [], total_revenue: 0 });

/** With `count` more occurrences at `at`, in milliseconds since 1970. */
export function withOccurrences(list: Occurrences, name: string, at: number, count: number): Occurrences {
  const time = new Date(at).toISOString();
  return joined(list, [{ name, first: time, last: time, count }]);
}

/** The history of two profiles that became one. */
export function mergedHistory(one: History, other: History): History {
  return {
    custom_events: joined(one.custom_events, other.custom_events),
    purchases: joined(one.purchases, other.purchases),
    total_revenue: one.total_revenue + other.total_revenue,
  };
}

function joined(one: Occurrences, other: Occurrences): Occurrences {
  const byName = new Map(one.map(entry => [entry.name, entry]));
  for (const { name, first, last, count } of other) {
    const known = byName.get(name) ?? { first, last, count: 0 };
    byName.set(name, {
      name,
      first: known.first < first ? known.first : first,
      last: known.last > last ? known.last : last,
      count: known.count + count,
    });
  }
  return [...byName.values()];
}
