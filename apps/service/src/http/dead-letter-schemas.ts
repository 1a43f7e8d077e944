/** What the routes of dead letters answer. */
import { z } from 'zod';
import type { Explanation } from '../events/dead-letters/explain.ts';

export const counts = z.record(z.string(), z.int());

export const deadLetter = z.object({
  id: z.int(),
  connection: z.string(),
  reason: z.string(),
  detail: z.string(),
  eventType: z.string().nullable(),
  insertId: z.string().nullable(),
  batch: z.string().nullable(),
  receivedAt: z.string(),
  diedAt: z.string(),
  /** The event as Braze sent it. */
  original: z.unknown(),
  /** The event as Mixpanel refused it; null where it was never mapped. */
  mapped: z.unknown(),
});

export const explanation = z.object({
  meaning: z.string(),
  next: z.string(),
}) satisfies z.ZodType<Explanation>;

export const trialResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('mapped'), mapped: z.unknown() }),
  z.object({ outcome: z.literal('skipped'), reason: z.string(), explanation }),
  z.object({
    outcome: z.literal('dead'),
    reason: z.string(),
    detail: z.string(),
    explanation: explanation.optional(),
  }),
]);
