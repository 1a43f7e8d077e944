import { z } from 'zod';

/** A whole number as a query has it. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** A moment of ISO 8601, a day or with a time, in milliseconds since 1970. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform(text => Date.parse(text))
  .pipe(z.int());
