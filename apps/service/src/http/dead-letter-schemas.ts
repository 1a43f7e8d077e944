/** Schemas of the answers of the dead-letter routes. */
import { z } from 'zod';

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
