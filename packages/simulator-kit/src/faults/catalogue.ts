import * as z from 'zod';
import { durationSchema } from '../clock/duration.ts';

const milliseconds = z.number().min(0).max(3_600_000);

/** What HTTP can carry (RFC 9110, section 5): anything else would break the answer instead of giving it. */
const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
  z.string().regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'must be one line of Latin text'),
  {
    error: ({ code }) =>
      code === 'invalid_key' ? 'must be the name of a header, such as "retry-after"' : undefined,
  },
);

function canBeWritten(body: unknown): boolean {
  try {
    JSON.stringify(body);
    return true;
  } catch {
    return false;
  }
}

const selection = {
  /** Id of the route it strikes, or `*` for every route of the vendor. */
  route: z.string().min(1),
  /** Lets this many requests pass first. */
  skip: z.int().min(0).default(0),
  /** Strikes this many times, then it is used up; for ever by default. */
  times: z.int().min(1).optional(),
  /** Is in force for this span of simulated time, from the moment it was added; for ever by default. */
  for: durationSchema.optional(),
  /** Strikes with this probability, drawn from the fault's own seeded sequence. */
  probability: z.number().gt(0).max(1).default(1),
};

/**
 * The ways in which a vendor, or the network in between, can fail.
 *
 * | kind | the request was handled | the client gets |
 * |---|---|---|
 * | `status` | no | that status (and body, headers) |
 * | `latency` | as ever | its answer, later; other faults may strike as well |
 * | `reset` | no | a closed connection, before its body was taken (`"after":"body"`: after) |
 * | `partial` | in part | the vendor's answer when it refuses `share` of the records, and takes the others |
 * | `lost-answer` | yes | a closed connection |
 * | `truncate` | yes | half of the answer, then a closed connection |
 * | `malformed` | yes | the answer's status with a body that is not JSON |
 * | `hang` | no | nothing, until it gives up (`"after":"handling"`: the request was handled) |
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...selection,
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().refine(canBeWritten, 'is nested deeper than an answer can be').optional(),
    headers: headers.optional(),
  }),
  z.strictObject({ ...selection, kind: z.literal('latency'), milliseconds }),
  z.strictObject({
    ...selection,
    kind: z.literal('reset'),
    after: z.enum(['headers', 'body']).default('headers'),
  }),
  z.strictObject({
    ...selection,
    kind: z.literal('partial'),
    /** Of the records of one request, chosen by the fault's own seeded sequence; at least one is refused. */
    share: z.number().gt(0).max(1).default(0.5),
  }),
  z.strictObject({ ...selection, kind: z.literal('lost-answer') }),
  z.strictObject({ ...selection, kind: z.literal('truncate') }),
  z.strictObject({ ...selection, kind: z.literal('malformed') }),
  z.strictObject({
    ...selection,
    kind: z.literal('hang'),
    after: z.enum(['headers', 'handling']).default('headers'),
  }),
]);

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
