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
  meaning: 'Mixpanel accepted the request and rejected this event; the detail is the message from Mixpanel',
  next: 'correct the event and replay it, or purge it',
};

const inShadow: Explanation = {
  meaning: 'the connection ran in shadow mode, and Mixpanel would reject the event; the detail is the cause',
  next: 'fix the cause before going live; then correct the event and replay it, or purge it',
};

/** Meaning and remedy of a dead letter's reason; `undefined` for a reason of another release. */
export function explain(reason: string): Explanation | undefined {
  if (reason === 'refused_by_mixpanel') return ofMixpanel;
  if (reason === 'refused_in_shadow') return inShadow;
  return Object.hasOwn(deadReasons, reason) ? deadReasons[reason as keyof typeof deadReasons] : undefined;
}
