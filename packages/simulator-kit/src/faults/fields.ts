/** Fields of a fault: those that every kind has, and those that need more than one line. */
import * as z from 'zod';
import { durationSchema } from '../clock/duration.ts';

/** Which requests a fault applies to. */
export const selection = {
  /** ID of the route it applies to, or `*` for every route of the vendor. */
  route: z.string().min(1),
  /** Lets this many requests pass first. */
  skip: z.int().min(0).default(0),
  /** Applies to this many requests; to any number by default. */
  times: z.int().min(1).optional(),
  /** Is in force for this span of simulated time, from the moment it was added; without end by default. */
  for: durationSchema.optional(),
  /** Applies with this probability, drawn from the fault's own seeded sequence. */
  probability: z.number().gt(0).max(1).default(1),
};

/** What HTTP can carry (RFC 9110, section 5): anything else would break the answer instead of giving it. */
export const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
  z.string().regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'must be one line of Latin text'),
  {
    error: ({ code }) =>
      code === 'invalid_key' ? 'must be the name of a header, such as "retry-after"' : undefined,
  },
);

/** Any JSON value that `JSON.stringify` can write: it gives up on depths that `JSON.parse` reads. */
export const writable = z.unknown().refine(value => {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}, 'is nested deeper than an answer can be');
