import type { Command } from 'commander';
import { day } from '../clock/day-span.ts';
import { clockEndpoints } from '../http/clock-routes.ts';
import type { AdminClient } from './admin-client.ts';
import { AdminError } from './admin-error.ts';

/** The days that a command is about, `YYYY-MM-DD` in UTC, both inclusive. */
interface Days {
  readonly from: string;
  readonly to: string;
}

/** The connection and days of the counts that a command is about. */
export interface DayOptions extends Days {
  readonly connection: string;
}

/** Days as they are typed: one that is left out has a default. */
export type GivenDays<Options extends Days> = Omit<Options, keyof Days> & Partial<Days>;

/** Defaults of the days, in days before the present one of the service's clock. */
export interface DefaultDays {
  readonly first: number;
  readonly last: number;
}

const dayMs = 86_400_000;

/** Adds `--from` and `--to`. */
export const withDays = (command: Command, { first, last }: DefaultDays): Command =>
  command
    .option('--from <day>', `first day, UTC (default: ${ago(first)})`)
    .option('--to <day>', `last day, UTC (default: ${ago(last)})`);

/** Adds `--connection`, `--from` and `--to`. */
export const withConnectionDays = (command: Command, days: DefaultDays): Command =>
  withDays(command.option('--connection <name>', 'connection whose events are counted', 'default'), days);

const ago = (days: number): string => ['today', 'yesterday'][days] ?? `${days} days ago`;

/** The options with their days. A default is a day of the service's clock, which may be a simulated one. */
export async function daysOf<Options extends Days>(
  service: AdminClient,
  given: GivenDays<Options>,
  { first, last }: DefaultDays,
): Promise<Options> {
  const { from, to } = given;
  if (from !== undefined && to !== undefined) return { ...given, from, to } as Options;
  const { now } = await service.call(clockEndpoints.read);
  const before = (days: number) => new Date(Date.parse(now) - days * dayMs).toISOString().slice(0, 10);
  return { ...given, ...withDefaults(given, { from: before(first), to: before(last) }) } as Options;
}

/**
 * The days that are given, with these defaults.
 *
 * @throws AdminError if a default is on the wrong side of the day that is given: the API would name an option that is not
 */
export function withDefaults(given: Partial<Days>, defaults: Days): Days {
  const { from = defaults.from, to = defaults.to } = given;
  if (given.from !== undefined && given.to === undefined && from > to && isDay(from))
    throw new AdminError(`--from ${from} is after --to, which is ${to} by default: set --to as well.`);
  if (given.from === undefined && given.to !== undefined && from > to && isDay(to))
    throw new AdminError(`--to ${to} is before --from, which is ${from} by default: set --from as well.`);
  return { from, to };
}

/** Of any other text, the API says what it expects. */
const isDay = (text: string): boolean => day.safeParse(text).success;
