import * as z from 'zod';
import { respond } from '../answer.ts';
import { durationOf } from '../clock/duration.ts';
import type { ClockCommand, ControlledClock } from '../clock/types.ts';
import type { Route, SimRequest } from '../types.ts';
import { controlRoute } from './control-route.ts';
import { ControlInputError, readControlInput } from './input.ts';

const amount = z.union([z.number(), z.string()]);
const commandSchema = z
  .strictObject({ advance: amount.optional(), set: amount.optional(), freeze: z.boolean().optional() })
  .refine(
    command => Object.values(command).filter(value => value !== undefined).length === 1,
    'expected exactly one of advance, set, freeze',
  );
const followSchema = z.strictObject({
  follower: z.string().min(1).max(200),
  revision: z.int().min(0),
  idle: z.boolean(),
  worked: z.boolean().default(false),
  nextDue: z.number().nullable().default(null),
});

const commandExample = { advance: '2h' };
const followExample = { follower: 'service-1', revision: 0, idle: true, worked: false, nextDue: null };

/** `/_sim/clock`: read it, move it, follow it. */
export function clockRoutes(clock: ControlledClock): Route[] {
  return [
    controlRoute('GET', 'clock', async () => respond(200, await clock.reading())),
    controlRoute('POST', 'clock', async request => respond(200, await clock.change(readCommand(request)))),
    controlRoute('POST', 'clock/follow', async request =>
      respond(
        200,
        await clock.follow(readControlInput(request, followSchema, followExample), request.signal),
      ),
    ),
  ];
}

function readCommand(request: SimRequest): ClockCommand {
  const { advance, set, freeze } = readControlInput(request, commandSchema, commandExample);
  if (advance !== undefined) return { kind: 'advance', milliseconds: readDuration(advance) };
  if (set !== undefined) return { kind: 'set', at: readMoment(set) };
  return { kind: 'freeze', frozen: freeze === true };
}

function readDuration(value: number | string): number {
  const milliseconds = typeof value === 'number' ? value : durationOf(value);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.floor(milliseconds);
  throw new ControlInputError(
    `"advance" takes a length of time that is not negative, in milliseconds or as text, and was given ${JSON.stringify(value)}. ` +
      `For example: {"advance":"2h"}. To go back in time, use {"set":…}.`,
  );
}

function readMoment(value: number | string): number {
  const at = typeof value === 'number' ? value : momentOf(value);
  if (Number.isFinite(at) && Math.abs(at) <= 8.64e15) return Math.floor(at);
  throw new ControlInputError(
    `"set" takes a moment, as an ISO date or in milliseconds since 1970, and was given ${JSON.stringify(value)}. ` +
      `For example: {"set":"2026-01-31T12:00:00Z"}.`,
  );
}

const isoMoment = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

/** Milliseconds since 1970, not a number for what is no ISO date. Without a zone it is UTC, wherever the machine is. */
function momentOf(text: string): number {
  if (!isoMoment.safeParse(text).success) return Number.NaN;
  return Date.parse(/^[^T]*T[^Z+-]*$/.test(text) ? `${text}Z` : text);
}
