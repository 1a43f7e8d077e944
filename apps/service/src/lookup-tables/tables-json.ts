import { z } from 'zod';
import type { ConnectionConfig } from '../config/config.ts';
import { outcomeSchema, progressSchema, type Run, type State } from './state.ts';
import { tableIds, tableNames } from './tables.ts';

const time = z.string().nullable();

/** The lookup tables of a connection, as `/api/lookup-tables` and `/status` have them. Times are ISO 8601. */
export const tablesSchema = z
  .object({
    /** `off`: no table is configured. `waiting`: a run waits for a limit of Braze. */
    state: z.enum(['off', 'idle', 'running', 'waiting']),
    /** `null` where it is off or a run is in progress. */
    nextRun: time,
    /** When each table last had what Braze has; `null` before. */
    lastSuccess: time,
    /** Why the last run kept a table, as a sentence, and since when runs do. */
    problem: z.string().nullable(),
    failingSince: time,
    /** The newest run, dry runs among them. */
    run: z
      .object({
        number: z.int(),
        dryRun: z.boolean(),
        startedAt: z.string(),
        endedAt: time,
        waitsUntil: time,
        waitsFor: z.string().nullable(),
        /** Campaigns and Canvases. */
        progress: progressSchema.nullable(),
        problem: z.string().nullable(),
        tables: z.partialRecord(z.enum(tableNames), outcomeSchema),
      })
      .nullable(),
    tables: z.array(
      z.object({
        table: z.enum(tableNames),
        id: z.string(),
        /** Rows that were written last; `null` before the first time. */
        rows: z.int().nullable(),
        writtenAt: time,
        lastSuccess: time,
      }),
    ),
  })
  .readonly();
export type TablesJson = z.output<typeof tablesSchema>;

const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null | undefined) => (at === null || at === undefined ? null : iso(at));

export function tablesJson(
  { lookupTables }: Pick<ConnectionConfig, 'lookupTables'>,
  { run, nextAt, failingSince, problem, tables: confirmed }: State,
): TablesJson {
  const tables = [...tableIds(lookupTables)].map(([table, id]) => {
    const known = confirmed[table]?.id === id ? confirmed[table] : undefined;
    return {
      ...{ table, id, rows: known?.writtenAt ? known.rows : null, writtenAt: isoOrNull(known?.writtenAt) },
      lastSuccess: isoOrNull(known?.confirmedAt),
    };
  });
  const isOff = tables.length === 0;
  const isRunning = run !== null && run.endedAt === null;
  const successes = tables.map(({ lastSuccess }) => lastSuccess);
  return {
    state: isOff ? 'off' : !isRunning ? 'idle' : run.wait === null ? 'running' : 'waiting',
    nextRun: isOff || isRunning || nextAt === 0 ? null : iso(nextAt),
    lastSuccess: successes.includes(null) ? null : (successes.toSorted()[0] ?? null),
    ...{ problem: isOff ? null : problem, failingSince: isOff ? null : isoOrNull(failingSince) },
    run: run && runJson(run),
    tables,
  };
}

const runJson = ({ startedAt, endedAt, wait, ...run }: Run) => ({
  ...run,
  ...{ startedAt: iso(startedAt), endedAt: isoOrNull(endedAt) },
  ...{ waitsUntil: isoOrNull(wait?.until), waitsFor: wait?.reason ?? null },
});
