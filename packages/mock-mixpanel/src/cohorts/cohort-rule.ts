import { durationOf } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { propertyFilterSchema } from './property-filter.ts';

const duration = z
  .union([z.number(), z.string()])
  .transform(value => (typeof value === 'number' ? value : durationOf(value)))
  .refine(milliseconds => milliseconds > 0, 'must be a duration such as "30d"');

const didSchema = z
  .strictObject({
    event: z.string().min(1),
    /** Conditions on the event's properties, all of which must hold. */
    where: z.array(propertyFilterSchema).default([]),
    /** Number of occurrences within the window; at least one unless only `atMost` is given (0: never). */
    atLeast: z.int().min(0).optional(),
    atMost: z.int().min(0).optional(),
    /** Length of the window before the evaluation: simulated milliseconds, or text. */
    within: duration.prefault('30d'),
  })
  .transform(({ atLeast, atMost = Number.MAX_SAFE_INTEGER, ...rest }) => ({
    ...rest,
    atLeast: atLeast ?? (atMost === Number.MAX_SAFE_INTEGER ? 1 : 0),
    atMost,
  }))
  .refine(({ atLeast, atMost }) => atLeast <= atMost, 'must not have atLeast over atMost');

/**
 * The rule of a cohort: its members did everything under `did`, and their profile meets every condition under `profile`.
 *
 * `{"did":[{"event":"Email Open","atLeast":2,"within":"30d","where":[{"property":"campaign_id","equals":"c1"}]}],
 *   "profile":[{"property":"plan","equals":"pro"}]}`
 */
export const cohortRuleSchema = z
  .strictObject({
    did: z.array(didSchema).max(20).default([]),
    profile: z.array(propertyFilterSchema).max(20).default([]),
  })
  .refine(({ did, profile }) => did.length + profile.length > 0, 'must have something under did or profile');

export type CohortRule = z.output<typeof cohortRuleSchema>;
export type Did = CohortRule['did'][number];

/** The rule as it was given, for answers and snapshots. */
export function writtenRule({ did, profile }: CohortRule): z.input<typeof cohortRuleSchema> {
  return {
    did: did.map(({ atMost, ...rest }) => ({
      ...rest,
      ...(atMost !== Number.MAX_SAFE_INTEGER && { atMost }),
    })),
    profile,
  };
}
