import {
  clockReadingSchema,
  clockTimersSchema,
  followerAnswerSchema,
  followerPostSchema,
} from '@braze-mixpanel/simulated-clock';
import * as z from 'zod';
import { respond } from '../answer.ts';
import type { ClockCommand, ControlledClock } from '../clock/controlled-clock.ts';
import { durationOf } from '../clock/duration.ts';
import { controlRoutes, documented } from './control-route.ts';
import { ControlInputError } from './input.ts';
import { withBody } from './with-input.ts';

const amount = z.union([z.number(), z.string()]);
const commandSchema = z
  .strictObject({ advance: amount.optional(), set: amount.optional(), freeze: z.boolean().optional() })
  .refine(
    command => Object.values(command).filter(value => value !== undefined).length === 1,
    'must have exactly one of advance, set, freeze',
  );

const reading = { 200: clockReadingSchema };
const commandExample = { advance: '2h' };
const followExample = {
  follower: 'service-1',
  revision: 0,
  idle: true,
  worked: false,
  nextDue: null,
  nextName: null,
};

/** The longest allowed advance. Due jobs run one by one, so a longer advance might never end. */
const longestAdvance = 3_650 * 86_400_000;
/** The latest allowed time. Within years of four digits, adding any duration still gives a valid date. */
const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** What is wrong with a field, for forms. */
const durationFault = 'must be a duration, such as 90s, 30m, 2h or 3d';
const longestFault = 'must be at most 3650 days at a time, and not lead beyond the year 9999';
const timeFault = 'must be a time in the years 0 to 9999, such as 2026-01-31T12:00:00Z';

/** The routes of `/_sim/clock`: read, move and follow the clock. */
export function clockRoutes(clock: ControlledClock) {
  return controlRoutes({
    'GET clock': documented('The time, and the followers of the clock.', reading, async () =>
      respond(200, await clock.reading()),
    ),
    'GET clock/timers': documented(
      'What is scheduled in this process, and what ran.',
      { 200: clockTimersSchema },
      () => respond(200, clock.timers()),
    ),
    'POST clock': documented(
      'Advances, sets, freezes or unfreezes the clock; answers when all due work is done.',
      reading,
      withBody(commandSchema, commandExample, async command =>
        respond(200, await clock.change(readCommand(command, clock.now()))),
      ),
    ),
    'POST clock/follow': documented(
      'Reports the progress of a follower; answers at the next change of the clock.',
      { 200: followerAnswerSchema },
      withBody(followerPostSchema, followExample, async (post, { signal }) =>
        respond(200, await clock.follow(post, signal)),
      ),
    ),
  });
}

function readCommand({ advance, set, freeze }: z.output<typeof commandSchema>, now: number): ClockCommand {
  if (advance !== undefined) return { kind: 'advance', milliseconds: readDuration(advance, now) };
  if (set !== undefined) return { kind: 'set', at: readMoment(set) };
  return { kind: 'freeze', frozen: freeze === true };
}

function readDuration(value: number | string, now: number): number {
  const milliseconds = typeof value === 'number' ? value : durationOf(value);
  if (!(milliseconds >= 0))
    throw new ControlInputError(
      `advance ${durationFault}. It is non-negative, in milliseconds or as text, but was ${JSON.stringify(value)}. ` +
        `For example: {"advance":"2h"}. To go back in time, use {"set":…}.`,
      [{ field: 'advance', message: durationFault }],
    );
  if (milliseconds > longestAdvance || now + milliseconds > latest)
    throw new ControlInputError(
      `advance ${longestFault}. It was ${JSON.stringify(value)}. ` +
        `For example: {"advance":"30d"}. To go further, use {"set":…}.`,
      [{ field: 'advance', message: longestFault }],
    );
  return Math.floor(milliseconds);
}

function readMoment(value: number | string): number {
  const at = typeof value === 'number' ? value : momentOf(value);
  if (at >= earliest && at <= latest) return Math.floor(at);
  throw new ControlInputError(
    `set ${timeFault}. It is an ISO date or milliseconds since 1970, but was ${JSON.stringify(value)}. ` +
      `For example: {"set":"2026-01-31T12:00:00Z"}.`,
    [{ field: 'set', message: timeFault }],
  );
}

const isoMoment = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

/**
 * Milliseconds since 1970; `NaN` if the text is not an ISO date. Without a zone it is read as UTC on every
 * machine.
 */
function momentOf(text: string): number {
  if (!isoMoment.safeParse(text).success) return Number.NaN;
  return Date.parse(/^[^T]*T[^Z+-]*$/.test(text) ? `${text}Z` : text);
}
