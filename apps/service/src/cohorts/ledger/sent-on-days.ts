import { z } from 'zod';

const count = z.int();

/** Days that are kept of a sync, and the most of one request. */
export const sentDays = 400;

/** What a sync sent to Braze and Braze accepted. Braze bills attribute updates as data points. */
export const sentSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  attributeUpdates: count.describe(
    'Attributes written with `/users/track`. Braze counts each as a data point, whether or not it changes the value.',
  ),
  assignments: count.describe('Members added to or removed from a partner cohort.'),
  days: z
    .array(z.object({ day: z.iso.date(), attributeUpdates: count, assignments: count }))
    .describe(`UTC days with at least one of them, of the newest ${sentDays}.`),
});
export type SentJson = z.output<typeof sentSchema>;
