import type { Row } from './explain-row.ts';
import { deadOn, type Facts, type PeriodFacts } from './facts.ts';

const share = ({ steps }: Row, cause: string): number =>
  steps.flatMap(step => step.causes).find(each => each.cause === cause)?.events ?? 0;

const resentOf = ({ own, pending }: Facts, row: Row): number =>
  'notKnown' in own || 'notKnown' in pending ? 0 : share(row, 'resent_by_braze') - own.again - pending.again;

/** Whether a day of an event shows that campaigns were deleted, or events have none. */
export const showsUnlisted = (days: readonly Facts[]): boolean =>
  days.some(({ company }) => !('notKnown' in company) && company.unlisted > 0);

/** @param rows those of the event, explained without its other days, in the order of the facts */
export function periodFacts(index: number, days: readonly Facts[], rows: readonly Row[]): PeriodFacts {
  const [first, end] = [Math.max(0, index - 1), index + 2];
  const [around, aroundDays] = [rows.slice(first, end), days.slice(first, end)];
  return {
    sentAgain: around.reduce((sum, row) => sum + share(row, 'sent_again'), 0),
    resent: aroundDays.reduce((sum, day, place) => sum + resentOf(day, around[place]!), 0),
    hasExtras: around.some(row => share(row, 'second_sender') + share(row, 'other_connection') > 0),
    leavesOutMachineOpens: rows.some((row, place) => place !== index && share(row, 'machine_opens') < 0),
    hasUnlisted: showsUnlisted(days),
    deadBeside: deadOn(days[index - 1]) + deadOn(days[index + 1]),
  };
}
