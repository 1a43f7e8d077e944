import { type CheckedInput, checkInput } from '@braze-mixpanel/core/input';
import { z } from 'zod';

/** A name in a query, such as a connection or a reason: short, and text that every storage accepts. */
export const plainName = z.string().regex(/^[^\p{Cc}\p{Cs}]{0,200}$/u, {
  error: 'must have at most 200 characters, none of them a control character',
});

/** The last moment with a year of four digits. */
const latest = Date.parse('9999-12-31T23:59:59.999Z');
const momentRule = 'must be a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z';

/**
 * A moment of ISO 8601, a day or with a time, in milliseconds since 1970. Without a zone it is UTC, in any
 * zone of the machine.
 */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], { error: momentRule })
  .transform(text => Date.parse(/^[^T]*T[^Z+-]*$/.test(text) ? `${text}Z` : text))
  .pipe(z.int({ error: momentRule }).max(latest, { error: momentRule }));

/** The end of a span, exclusive: as {@link moment}, but a day is included, so that its end is meant. */
export const endMoment = z.union(
  [z.iso.date().transform(day => Math.min(Date.parse(day) + dayMs, latest)), moment],
  {
    error: momentRule,
  },
);
const dayMs = 86_400_000;

/** The output of a schema, or the faults of the query: a parameter that is given twice is one. */
export function checkQuery<Schema extends z.ZodObject>(
  schema: Schema,
  query: Readonly<Record<string, unknown>>,
): CheckedInput<z.output<Schema>> {
  const twice = Object.keys(query).filter(name => Array.isArray(query[name]));
  if (twice.length === 0) return checkInput(schema, query);
  return { success: false, faults: twice.map(name => ({ path: [name], message: 'is given twice' })) };
}
