import { z } from 'zod';
import { tableNames } from './tables.ts';

/** A table as Mixpanel confirmed it last. Times in milliseconds since 1970. */
const confirmedSchema = z.object({
  id: z.string(),
  /** Empty where a later content may have replaced the confirmed one. */
  digest: z.string(),
  rows: z.int(),
  /** `null` where Braze never had a row for it. */
  writtenAt: z.number().nullable(),
  /** When Mixpanel last had what Braze has: it was written, or there was nothing to write. */
  confirmedAt: z.number(),
});
export type Confirmed = z.output<typeof confirmedSchema>;

/**
 * What a run did with a table. Not replaced are `kept`, because of a problem, and `empty`: Braze has no row for it,
 * and an empty table is never written.
 */
export const outcomeSchema = z.object({
  outcome: z.enum(['written', 'unchanged', 'to_be_written', 'empty', 'kept']),
  /** `null` where Braze was not read to the end. */
  rows: z.int().nullable(),
  /** A sentence. */
  problem: z.string().nullable(),
});
export type Outcome = z.output<typeof outcomeSchema>;

export const progressSchema = z.object({
  ...{ listed: z.int(), due: z.int(), read: z.int(), gone: z.int() },
});

const runSchema = z.object({
  number: z.int(),
  dryRun: z.boolean(),
  startedAt: z.number(),
  /** `null` until it ended. A run that a former process began is continued by a new one. */
  endedAt: z.number().nullable(),
  wait: z.object({ until: z.number(), reason: z.string() }).nullable(),
  progress: progressSchema.nullable(),
  /** Why a table was kept, as a sentence. */
  problem: z.string().nullable(),
  tables: z.partialRecord(z.enum(tableNames), outcomeSchema),
});
export type Run = z.output<typeof runSchema>;

/** What is known of a connection's tables between two runs; stored as JSON. */
export const stateSchema = z.object({
  run: runSchema.nullable(),
  /** Time of the next scheduled run, in milliseconds since 1970. */
  nextAt: z.number(),
  /** Since when each run failed; dry runs do not count. */
  failingSince: z.number().nullable(),
  /** Why the last of them failed. */
  problem: z.string().nullable(),
  tables: z.partialRecord(z.enum(tableNames), confirmedSchema),
});
export type State = z.output<typeof stateSchema>;

/** The state before the first run, which is due at once. */
export const newState: State = { run: null, nextAt: 0, failingSince: null, problem: null, tables: {} };

/** The state after its run has ended. */
export function afterRun(state: State, endedAt: number, intervalMs: number): State {
  const { run } = state;
  if (run === null) return state;
  const ended = { ...run, endedAt, wait: null };
  if (run.dryRun) return { ...state, run: ended };
  return {
    ...state,
    run: ended,
    nextAt: Math.max(run.startedAt + intervalMs, endedAt + 60_000),
    failingSince: run.problem === null ? null : (state.failingSince ?? endedAt),
    problem: run.problem,
  };
}
