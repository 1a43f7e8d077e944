import { mapEvent, parseMappingOptions, skipReasons } from '@braze-mixpanel/core/mapping';
import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import { explain, explanationSchema } from './explain.ts';

const reason = z.string();

export const trialSchema = z.discriminatedUnion('outcome', [
  z
    .object({
      outcome: z.literal('mapped'),
      mapped: z.unknown(),
      refusals: z
        .array(z.object({ field: z.string(), message: z.string() }).readonly())
        .readonly()
        .describe(
          "What Mixpanel's documented rules for imports forbid in the mapped event. Without any, only Mixpanel's answer vouches that it accepts the event.",
        ),
    })
    .readonly(),
  z.object({ outcome: z.literal('skipped'), reason, explanation: explanationSchema }).readonly(),
  z
    .object({
      outcome: z.literal('dead'),
      reason,
      detail: z.string(),
      explanation: explanationSchema.optional(),
    })
    .readonly(),
]);

/**
 * The outcome of a replay now: the event for Mixpanel and what the documented rules forbid in it, or the reason
 * why there is none. Only Mixpanel's answer vouches that it accepts the event.
 */
export type Trial = z.output<typeof trialSchema>;

/**
 * @param mappingOptions text of the current mapping options, as stored with batches
 * @param now milliseconds since 1970
 */
export function trial(event: unknown, mappingOptions: string, now: number): Trial {
  const result = mapEvent(event, parseMappingOptions(mappingOptions), now);
  // Without a time: an event ahead of its time is held until then.
  if (result.outcome === 'mapped')
    return { outcome: 'mapped', mapped: result.event, refusals: checkImportEvent(result.event) };
  const { outcome, reason } = result;
  return outcome === 'skipped'
    ? { outcome, reason, explanation: skipReasons[reason] }
    : { outcome, reason, detail: result.detail, explanation: explain(reason) };
}
