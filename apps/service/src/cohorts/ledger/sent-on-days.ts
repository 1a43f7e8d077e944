import type { SentOnDay } from '@braze-mixpanel/storage';
import { z } from 'zod';

const count = z.int();

/** Days that are kept of a sync, and the most of one request. */
export const sentDays = 400;

/** What a sync sent to Braze and Braze accepted. Braze bills attribute updates as data points. */
export const sentSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  countedSince: z.iso
    .date()
    .describe('The first day with counts: the sync was created then, or earlier days are no longer kept.'),
  counted: z
    .object({ from: z.iso.date(), to: z.iso.date() })
    .nullable()
    .describe(
      'The days of the request that have counts, up to the present day, which has not ended; `null` where none has.',
    ),
  attributeUpdates: count
    .nullable()
    .describe(
      'Attributes written with `/users/track` on the days of `counted`; `null` without any. Braze counts each as a data point, whether or not it changes the value.',
    ),
  assignments: count
    .nullable()
    .describe(
      'Members added to or removed from a partner cohort on the days of `counted`; `null` without any.',
    ),
  days: z
    .array(z.object({ day: z.iso.date(), attributeUpdates: count, assignments: count }))
    .describe(`UTC days with at least one of them, of the newest ${sentDays}.`),
});
export type SentJson = z.output<typeof sentSchema>;

interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * The days of a span of which the counts are known.
 *
 * @param all every stored day of the sync, the oldest first
 */
export function countedDays(
  all: readonly SentOnDay[],
  { from, to }: Span,
  { created, today }: { readonly created: string; readonly today: string },
): { readonly since: string; readonly counted: Span | null } {
  const first = all[0]?.day ?? created;
  // The oldest of as many days as are kept may be all that is left of earlier ones.
  const since = all.length >= sentDays || first < created ? first : created;
  const counted = { from: from < since ? since : from, to: to > today ? today : to };
  return { since, counted: counted.from > counted.to ? null : counted };
}
