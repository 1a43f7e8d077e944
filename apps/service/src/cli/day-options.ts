import type { Command } from 'commander';

/** The days of a connection's counts that a command is about, `YYYY-MM-DD` in UTC, both inclusive. */
export interface DayOptions {
  readonly connection: string;
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;
/** The UTC day of so many days ago, `YYYY-MM-DD`. */
export const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);

/** Adds `--connection`, `--from` and `--to`; `first` and `last` days ago are the defaults of the days. */
export function withDays(command: Command, { first, last }: { first: number; last: number }): Command {
  return command
    .option('--connection <name>', 'connection whose events are counted', 'default')
    .option('--from <day>', 'first day, UTC', daysAgo(first))
    .option('--to <day>', 'last day, UTC', daysAgo(last));
}
