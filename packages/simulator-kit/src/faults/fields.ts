/** Fields of a fault: those common to every kind, and those whose schema needs several lines. */
import * as z from 'zod';
import { durationSchema } from '../clock/duration.ts';

/** The selection of requests that a fault applies to. */
export const selection = {
  /** ID of the route, or `*` for every route of the vendor. */
  route: z.string().min(1),
  /** Number of requests that pass before the fault applies; 0 by default. */
  skip: z.int().min(0).default(0),
  /** Number of requests that it applies to; unlimited by default. */
  times: z.int().min(1).optional(),
  /** Span of simulated time after which it ends, from the moment it was added; unlimited by default. */
  for: durationSchema.optional(),
  /** Share of requests that it applies to (0 to 1), drawn from the fault's own seeded sequence. */
  probability: z.number().gt(0).max(1).default(1),
  /** Seed of this sequence; by default it follows from the simulator's seed and the number of the fault. */
  seed: z.union([z.string(), z.number()]).optional(),
};

/**
 * Header values that HTTP can carry (RFC 9110, section 5). Any other value would make the answer unsendable.
 */
export const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
  z.string().regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'must be one line of Latin text'),
  {
    error: ({ code }) =>
      code === 'invalid_key' ? 'must be the name of a header, such as "retry-after"' : undefined,
  },
);

/** Any JSON value that `JSON.stringify` can write. It fails at depths that `JSON.parse` still reads. */
export const writable = z.unknown().refine(value => {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}, 'is nested deeper than an answer can be');
