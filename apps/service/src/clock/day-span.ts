import { z } from 'zod';

const dayMs = 86_400_000;

/** A day, `YYYY-MM-DD`. An invalid one is the only fault that is named. */
export const day = z.iso.date({ abort: true });

/** Days of a span, both inclusive. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Why a span from a day after `today` is refused, as a sentence; `undefined` for any other. */
export const daysAhead = (from: string, today: string): string | undefined =>
  from <= today
    ? undefined
    : `The days from ${from} on have not come yet: choose days up to ${today}, UTC, by the clock of the service.`;

/** The rule that a span has at most `most` days, which `params` has too: arguments of `refine`. */
export const ofAtMostDays = (
  most: number,
): [
  check: (span: Span) => boolean,
  fault: { path: string[]; error: string; params: { mostDays: number } },
] => [
  ({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < most * dayMs,
  {
    path: ['to'],
    error: `must be the day of from or up to ${most - 1} days later`,
    params: { mostDays: most },
  },
];
