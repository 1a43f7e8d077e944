import type { z } from 'zod';
import { stateNames } from '../cohorts/ledger/states.ts';
import { visible } from './terminal.ts';

const place = 'the value for the next page at the end of a list, or an ID';
const day = 'a day such as 2026-01-31';
const time = 'a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z';

/** What a parameter of the API accepts, by the name that the command line has for it. */
const expected: Readonly<Record<string, string>> = {
  '--after': place,
  '--before': place,
  '--by': 'reason or event_type',
  '--connection': 'the name of a connection',
  '--from': day,
  '--limit': 'a whole number from 1 to 1000',
  '--reason': 'at most 200 characters, without control characters',
  '--run': 'last, or the ID of a run from cohorts history',
  '--since': time,
  '--state': stateNames.join(', '),
  '--to': day,
  '--until': time,
  '<source>': 'query or webhook',
};

/**
 * The first invalid value of a request, as a sentence that names its option or argument. `undefined` if all
 * are valid, or if the service knows better what is wrong.
 */
export function invalidValue(schema: z.ZodType | undefined, value: unknown): string | undefined {
  for (const issue of schema?.safeParse(value).error?.issues ?? []) {
    const name = String(issue.path[0]);
    const option = name === 'source' ? '<source>' : `--${name.replaceAll('_', '-')}`;
    const given = value as Readonly<Record<string, unknown>>;
    if (option === '--to' && issue.code === 'custom') return invalidSpan(given, issue.params?.mostDays);
    if (expected[option] !== undefined)
      return `${option} is ${visible(JSON.stringify(given[name]))}; expected ${expected[option]}.`;
  }
  return undefined;
}

/** What is wrong with two valid days. */
function invalidSpan({ from, to }: Readonly<Record<string, unknown>>, mostDays: unknown): string {
  return String(to) < String(from)
    ? `--to is ${to}, which is before --from, ${from}. Exchange them, or choose another day.`
    : `--from ${from} and --to ${to} are too far apart; expected at most ${mostDays} days.`;
}
