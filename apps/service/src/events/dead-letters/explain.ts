import { deadReasons } from '@braze-mixpanel/core/mapping';
import { z } from 'zod';

export const explanationSchema = z
  .object({
    /** The meaning of the reason. */
    meaning: z.string(),
    /** The remedy. */
    next: z.string(),
  })
  .readonly();

export type Explanation = z.output<typeof explanationSchema>;

const ofMixpanel: Explanation = {
  meaning: 'Mixpanel took the request and refused this event of it; the detail is its own sentence',
  next: 'correct the event by a fix and replay it, or purge it',
};

const inShadow: Explanation = {
  meaning:
    'the connection ran in shadow, and Mixpanel would refuse the event; the detail says what is wrong with it',
  next: 'find out why before going live; correct the event by a fix and replay it then, or purge it',
};

/** Meaning and remedy of a dead letter's reason; `undefined` for a reason of another release. */
export function explain(reason: string): Explanation | undefined {
  if (reason === 'refused_by_mixpanel') return ofMixpanel;
  if (reason === 'refused_in_shadow') return inShadow;
  return Object.hasOwn(deadReasons, reason) ? deadReasons[reason as keyof typeof deadReasons] : undefined;
}
