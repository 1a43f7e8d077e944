import * as z from 'zod';
import { differences } from './differences.ts';
import { journalEntrySchema, type RequestJournal } from './journal.ts';
import type { ReadPattern } from './pattern.ts';

export const verificationSchema = z
  .object({
    verified: z.boolean(),
    count: z.int(),
    message: z.string(),
    /** The request with the fewest differences; only if too few match. */
    nearest: z
      .object({ request: journalEntrySchema, differences: z.array(z.string()).readonly() })
      .readonly()
      .optional(),
  })
  .readonly();

/**
 * Whether the journal has the expected number of requests that match a pattern. If not, the message explains
 * the nearest miss.
 */
export type Verification = z.output<typeof verificationSchema>;

export function verify(journal: RequestJournal, pattern: ReadPattern): Verification {
  const { min, max } = pattern.count;
  let count = 0;
  let seen = 0;
  let nearest: Verification['nearest'];
  for (const request of journal.entries()) {
    seen += 1;
    const found = differences(request, pattern);
    if (found.length === 0) count += 1;
    else if (nearest === undefined || found.length < nearest.differences.length)
      nearest = { request, differences: found };
  }
  const verified = count >= min && count <= max;
  const start = `Expected ${expectation(min, max)} of this kind, found ${count} among ${seen}`;
  if (verified || count > max || nearest === undefined) return { verified, count, message: `${start}.` };
  const { request, differences: missed } = nearest;
  const rule = request.rule === null ? '' : ` (${request.rule})`;
  const message = `${start}. The nearest is number ${request.sequence}, ${request.method} ${request.path}, answered ${request.status}${rule}: ${missed.join('; ')}.`;
  return { verified, count, message, nearest };
}

function expectation(min: number, max: number): string {
  const requests = (count: number) => `${count} request${count === 1 ? '' : 's'}`;
  if (max === Number.POSITIVE_INFINITY) return `at least ${requests(min)}`;
  return min === max ? `exactly ${requests(min)}` : `${min} to ${requests(max)}`;
}
