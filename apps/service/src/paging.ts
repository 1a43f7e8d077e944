import { z } from 'zod';

/** The parameters that every list of the admin API has for its pages. */

/** A whole number as an address has it. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'must be a whole number' })
  .transform(Number);

const size = z.int().min(1).max(1_000);

/** Maximum of entries of one page. */
export const pageLimit = whole.pipe(size).prefault('100');

/** As {@link pageLimit}, in a JSON body: a number, or its digits. */
export const pageLimitInBody = z
  .union([z.int(), whole], { error: 'must be a whole number' })
  .pipe(size)
  .default(100);

/** The page of a list with the newest first: entries with a smaller ID than `before`. */
export const newestFirst = { limit: pageLimit, before: whole.pipe(z.int().min(1)).optional() };

export const limitWords = 'limit (1 to 1000, default 100)';
export const newestFirstWords = `${limitWords} and before (an ID)`;
