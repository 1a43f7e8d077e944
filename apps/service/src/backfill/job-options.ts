import { z } from 'zod';
import { wantedSchema } from './wanted.ts';

/** What is stored with a back-fill, besides its connection and source. */
const jobOptionsSchema = z.strictObject({
  wanted: wantedSchema,
  /** JSON text of the connection's mapping options at its creation. */
  mapping: z.string(),
  /** Which options apply to events from before their history; the oldest known ones by default. */
  mappingBefore: z.enum(['present', 'oldest']).optional(),
  /** Present where nothing is accepted: the events are counted. */
  dryRun: z
    .strictObject({
      /** Price of a million events in Mixpanel, in any currency. */
      pricePerMillion: z.number().optional(),
    })
    .optional(),
  /** Present where only events are accepted that Mixpanel lacks. */
  gaps: z.strictObject({ everyDay: z.boolean() }).optional(),
});
export type JobOptions = z.output<typeof jobOptionsSchema>;

export const parseJobOptions = (text: string): JobOptions => jobOptionsSchema.parse(JSON.parse(text));
