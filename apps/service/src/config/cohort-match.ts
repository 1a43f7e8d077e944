import type { MatchedKind, MatchRule } from '@braze-mixpanel/core/cohorts';
import { z } from 'zod';

/**
 * `distinct_id`, or the name of a profile property. Without it the default rule applies (see
 * docs/cohorts.md).
 */
export const cohortMatch = () =>
  z
    .string({ error: 'is a list or a map; expected distinct_id or the name of a profile property.' })
    .transform(
      (name): MatchRule =>
        name === 'distinct_id' ? { by: 'distinct_id' } : { by: 'property', property: name },
    );

/** Kind of identifier in the matched property: `external_id`, `device_id` or `alias:<label>`. */
export const cohortMatchAs = () =>
  z
    .string({ error: 'is a list or a map; expected external_id, device_id or alias:<label>.' })
    .transform((text, context): MatchedKind => {
      if (text === 'external_id' || text === 'device_id') return { kind: text };
      const label = /^alias:(.+)$/.exec(text)?.[1];
      if (label !== undefined) return { kind: 'alias', label };
      context.addIssue({
        code: 'custom',
        message: `is ${JSON.stringify(text)}; expected external_id, device_id or alias:<label>.`,
      });
      return z.NEVER;
    });
