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

const explanations: ReadonlyMap<string, Explanation> = new Map([
  ...Object.entries(deadReasons),
  ['refused_by_mixpanel', ofMixpanel],
  ['refused_in_shadow', inShadow],
]);

/** The reasons for which this release makes dead letters. */
export const knownReasons: readonly string[] = [...explanations.keys()];

/** Meaning and remedy of a dead letter's reason; `undefined` for a reason of another release. */
export const explain = (reason: string): Explanation | undefined => explanations.get(reason);
