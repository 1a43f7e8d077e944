import ms from 'ms';
import * as z from 'zod';

/** Milliseconds of a text such as `2h`, `90 minutes` or `1h 59m`; `NaN` if it is not a duration. */
export function durationOf(text: string): number {
  if (text.trim() === '' || text.length > 100) return Number.NaN;
  const parts = text.trim().split(/(?<=[a-z])\s?(?=\d)/i);
  if (parts.length > 1 && /\d$/.test(text)) return Number.NaN;
  return parts.reduce((sum, part) => sum + (ms(part as ms.StringValue) ?? Number.NaN), 0);
}

const milliseconds = z.number({
  error: ({ code }) =>
    code === 'invalid_type'
      ? 'must be a duration: milliseconds, or text such as "5m" or "250 ms"'
      : undefined,
});
const durationIn = (range: typeof milliseconds) =>
  z
    .union([z.number(), z.string()])
    .transform(value => (typeof value === 'string' ? durationOf(value) : value))
    .pipe(range);

/** A duration above zero: milliseconds, or text such as `5m`. */
export const durationSchema = durationIn(milliseconds.int().positive());

/** A delay up to an hour, which may be none: milliseconds, or text such as `250 ms`. */
export const delaySchema = durationIn(milliseconds.min(0).max(3_600_000));
