import { mapEvent, parseMappingOptions, skipReasons } from '@braze-mixpanel/core/mapping';
import { z } from 'zod';
import { explain, explanationSchema } from './explain.ts';

const reason = z.string();

export const trialSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('mapped'), mapped: z.unknown() }).readonly(),
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
 * The outcome of a replay now: the event for Mixpanel, or the reason why there is none. It does not tell
 * whether Mixpanel accepts it.
 */
export type Trial = z.output<typeof trialSchema>;

/**
 * @param mappingOptions text of the current mapping options, as stored with batches
 * @param now milliseconds since 1970
 */
export function trial(event: unknown, mappingOptions: string, now: number): Trial {
  const result = mapEvent(event, parseMappingOptions(mappingOptions), now);
  if (result.outcome === 'mapped') return { outcome: 'mapped', mapped: result.event };
  const { outcome, reason } = result;
  return outcome === 'skipped'
    ? { outcome, reason, explanation: skipReasons[reason] }
    : { outcome, reason, detail: result.detail, explanation: explain(reason) };
}
