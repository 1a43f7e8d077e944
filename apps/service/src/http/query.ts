import { z } from 'zod';

/** A whole number as a query has it. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'expected a whole number' })
  .transform(Number);

const momentExpected = 'expected a day or a moment, such as 2026-01-31 or 2026-01-31T12:00:00Z';

/** A moment of ISO 8601, a day or with a time, in milliseconds since 1970. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/, { error: momentExpected })
  .transform(text => Date.parse(text))
  .pipe(z.int({ error: momentExpected }));

/** Which parameters are wrong and what was expected of each, then what is `expected` of all; never a value that came. */
export function wrong({ issues }: z.ZodError, expected: string): string {
  const each = issues.flatMap(issuesOf).map(issue => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not known here.`;
    const { path, message } = issue;
    return path.length === 0 ? '' : `${path.join('.')}: ${message.replace('Invalid input: ', '')}.`;
  });
  return [...each.filter(sentence => sentence !== '').slice(0, 5), expected].join(' ');
}

/** Of what fits none of several forms the first that came near enough to have a sentence of its own. */
function issuesOf(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const near = issue.errors.flat().find(({ code }) => code === 'custom');
  return [near === undefined ? issue : { ...near, path: [...issue.path, ...near.path] }];
}
