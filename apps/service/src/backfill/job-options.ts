import { z } from 'zod';
import { wantedSchema } from './wanted.ts';

/** What is stored with a back-fill, besides its connection and source. */
const jobOptionsSchema = z.strictObject({
  wanted: wantedSchema,
  /** JSON text of the mapping options under which its events are accepted. */
  mapping: z.string(),
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
