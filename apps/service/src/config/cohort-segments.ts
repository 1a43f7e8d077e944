import { cohortIdPattern } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import { quoted, splitList } from './values.ts';

const expected =
  'expected <cohort id>:<segment id>, comma-separated, for example 12345:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';

const pair = z.strictObject(
  {
    cohort: z
      .string()
      .regex(cohortIdPattern, { error: issue => `is ${quoted(String(issue.input))}; ${expected}.` }),
    /** API identifier of a segment in Braze. */
    segment: z
      .string()
      .regex(/^[\w-]{1,100}$/, { error: issue => `is ${quoted(String(issue.input))}; ${expected}.` }),
  },
  { error: `is not a cohort with its segment; ${expected}.` },
);

/** `12345:<segment id>,678:<segment id>`; YAML accepts a map as well. A cohort given twice is an error. */
export const cohortSegments = () =>
  z.preprocess(
    written => {
      if (typeof written === 'string')
        return splitList(written).map(entry => {
          const [cohort, segment, ...rest] = entry.split(':').map(part => part.trim());
          return rest.length > 0 || segment === undefined ? entry : { cohort, segment };
        });
      return typeof written === 'object' && written !== null && !Array.isArray(written)
        ? Object.entries(written).map(([cohort, segment]) => ({ cohort, segment }))
        : written;
    },
    z
      .array(pair, { error: `is not a list of cohorts with their segments; ${expected}.` })
      .min(1, { error: `names no cohort; ${expected}.` })
      .superRefine((pairs, context) => {
        const twice = pairs.map(({ cohort }) => cohort).find((id, place, ids) => ids.indexOf(id) < place);
        if (twice === undefined) return;
        context.addIssue({
          code: 'custom',
          message: `names the cohort ${twice} twice; expected each cohort once.`,
        });
      }),
  );
