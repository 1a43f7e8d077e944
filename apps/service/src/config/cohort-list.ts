import { cohortIdPattern } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import { duration, quoted, splitList } from './values.ts';

const modes = ['dynamic', 'one-time'] as const;
const sources = ['query', 'webhook'] as const;
const sinks = ['partner', 'track'] as const;
const expected =
  'expected <cohort id>:<mode>, comma-separated, with mode dynamic or one-time, for example 12345:dynamic';

/** One cohort to sync to Braze. YAML accepts a list of such maps instead of the text. */
const cohortEntry = z.strictObject(
  {
    id: z
      .union([z.string(), z.number(), z.bigint()])
      .transform(String)
      .pipe(
        z
          .string()
          .regex(cohortIdPattern, { error: issue => `is ${quoted(String(issue.input))}; ${expected}.` }),
      ),
    mode: z
      .enum(modes, { error: issue => `is ${quoted(String(issue.input))}; expected ${modes.join(' or ')}.` })
      .default('dynamic'),
    /** Source of the members; default: the query API if its credentials are set. */
    source: z
      .enum(sources, {
        error: issue => `is ${quoted(String(issue.input))}; expected ${sources.join(' or ')}.`,
      })
      .optional(),
    /** Import into Braze; default: the partner import if its keys are set. */
    sink: z
      .enum(sinks, { error: issue => `is ${quoted(String(issue.input))}; expected ${sinks.join(' or ')}.` })
      .optional(),
    /** Instead of COHORT_SYNC_INTERVAL. */
    interval: duration('1m', '30d', '2h').optional(),
  },
  {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `has ${issue.keys.join(' and ')}; expected only id, mode, source, sink and interval.`
        : `is not a cohort; ${expected}.`,
  },
);

export type CohortEntry = z.output<typeof cohortEntry>;

/** `12345:dynamic,678:one-time`; the default mode is dynamic. A cohort listed twice is an error. */
export const cohortList = () =>
  z.preprocess(
    written =>
      typeof written === 'string'
        ? splitList(written).map(entry => {
            const [id, mode, ...rest] = entry.split(':').map(part => part.trim());
            return rest.length > 0 ? entry : { id, mode };
          })
        : written,
    z
      .array(cohortEntry, { error: `is not a list of cohorts; ${expected}.` })
      .min(1, { error: `names no cohort; ${expected}.` })
      .superRefine((entries, context) => {
        const twice = entries.map(({ id }) => id).find((id, place, ids) => ids.indexOf(id) < place);
        if (twice === undefined) return;
        context.addIssue({
          code: 'custom',
          message: `names the cohort ${twice} twice; expected each cohort once.`,
        });
      }),
  );
