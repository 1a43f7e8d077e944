import * as z from 'zod';
import { verdictSchema } from './journal.ts';

const text = z.string();
const count = z.int().min(0);

/** What a request must look like; what is left out may be anything. */
export const patternSchema = z.strictObject({
  route: text.optional(),
  method: text.toUpperCase().optional(),
  /** Exactly, or with `*` at its end what begins so. */
  path: text.optional(),
  status: z.union([z.int(), z.enum(['reset', 'hang', 'truncate'])]).optional(),
  verdict: verdictSchema.optional(),
  rule: text.optional(),
  query: z.record(text, text).optional(),
  headers: z.record(text, text).optional(),
  /** Text that the body contains, or JSON that is part of it: fewer fields, and of a list some of its elements. */
  body: z.unknown().optional(),
  /** How many such requests are expected: at least one by default. */
  count: z
    .union([
      count.transform(exactly => ({ min: exactly, max: exactly })),
      z
        .strictObject({ min: count.default(0), max: count.optional() })
        .transform(({ min, max = Number.POSITIVE_INFINITY }) => ({ min, max }))
        .refine(({ min, max }) => min <= max, 'expected min not to be over max'),
    ])
    .default({ min: 1, max: Number.POSITIVE_INFINITY }),
});

/** A pattern as `POST /_sim/verify` accepts it. */
export type RequestPattern = z.input<typeof patternSchema>;
export type ReadPattern = z.output<typeof patternSchema>;
