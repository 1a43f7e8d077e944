import * as z from 'zod';
import { verdictSchema } from './journal.ts';

const text = z.string();
const count = z.int().min(0);

/** A pattern for requests. Omitted fields match everything. */
export const patternSchema = z.strictObject({
  route: text.optional(),
  method: text.toUpperCase().optional(),
  /** The exact path, or a prefix that ends with `*`. */
  path: text.optional(),
  status: z.union([z.int(), z.enum(['reset', 'hang', 'truncate'])]).optional(),
  verdict: verdictSchema.optional(),
  rule: text.optional(),
  query: z.record(text, text).optional(),
  headers: z.record(text, text).optional(),
  /**
   * Text that the body contains, or JSON that is a subset of it: fewer fields, and some elements of a list.
   */
  body: z.unknown().optional(),
  /** The expected number of matching requests; at least one by default. */
  count: z
    .union([
      count.transform(exactly => ({ min: exactly, max: exactly })),
      z
        .strictObject({ min: count.default(0), max: count.optional() })
        .transform(({ min, max = Number.POSITIVE_INFINITY }) => ({ min, max }))
        .refine(({ min, max }) => min <= max, 'must not have min over max'),
    ])
    .default({ min: 1, max: Number.POSITIVE_INFINITY }),
});

/** The schema of `POST /_sim/verify`. */
export type RequestPattern = z.input<typeof patternSchema>;
export type ReadPattern = z.output<typeof patternSchema>;
