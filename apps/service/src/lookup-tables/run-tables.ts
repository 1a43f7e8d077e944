import type { ConnectionConfig } from '../config/config.ts';
import { NotRead } from '../vendor-http/braze-analytics.ts';
import type { Entry } from './entry.ts';
import type { JobStore } from './job-store.ts';
import { type Progress, readBraze, type Wait } from './read-braze.ts';
import type { Confirmed, Outcome, State } from './state.ts';
import { tableContent } from './table-content.ts';
import { type TableName, tableIds } from './tables.ts';
import type { VendorAccess } from './vendor-access.ts';

export interface RunTablesOptions extends VendorAccess {
  readonly connection: ConnectionConfig;
  readonly store: JobStore;
  /** What was confirmed before. */
  readonly confirmed: State['tables'];
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
}

/** What became of each table. */
export interface Ran {
  /** Why a table was kept, as a sentence. */
  readonly problem: string | null;
  readonly tables: Partial<Record<TableName, Outcome>>;
  readonly confirmed: State['tables'];
}

/**
 * Brings the tables of a connection to what Braze has. A table is replaced only after Braze was read to the end, with
 * at least one row, and only if its content changed. Yields each wait for a limit of Braze.
 */
export async function* runTables(options: RunTablesOptions): AsyncGenerator<Wait, Ran> {
  const { connection, store, confirmed, read, now, onProgress } = options;
  const ids = [...tableIds(connection.lookupTables)];
  const entries = await store.entries(connection.name);
  try {
    yield* readBraze({
      ...{ read, entries, now, onProgress },
      store: changed => store.putEntries(connection.name, changed),
    });
  } catch (error) {
    if (!(error instanceof NotRead)) throw error;
    const kept = { outcome: 'kept', rows: null, problem: error.message } as const;
    return {
      problem: error.message,
      tables: Object.fromEntries(ids.map(([table]) => [table, kept])),
      confirmed,
    };
  }
  const tables: Ran['tables'] = {};
  const next = { ...confirmed };
  for (const [table, id] of ids) {
    const known = confirmed[table]?.id === id ? confirmed[table] : undefined;
    const written = await bring(table, id, entries.values(), known, options);
    tables[table] = written.outcome;
    if (written.confirmed !== undefined) next[table] = written.confirmed;
  }
  const problem = Object.values(tables).find(outcome => outcome.problem !== null)?.problem ?? null;
  return { problem, tables, confirmed: next };
}

/** Replaces one table where that is needed. */
async function bring(
  table: TableName,
  id: string,
  entries: Iterable<Entry>,
  known: Confirmed | undefined,
  { dryRun, replace, now }: RunTablesOptions,
): Promise<{ readonly outcome: Outcome; readonly confirmed?: Confirmed }> {
  const { csv, rows, digest, problem } = await tableContent(table, entries);
  if (problem !== undefined) return { outcome: { outcome: 'kept', rows, problem } };
  const isEmpty = rows === 0;
  const isSame = known?.digest === digest;
  const done = (outcome: Outcome['outcome']) => ({ outcome, rows, problem: null });
  if (dryRun) return { outcome: done(isEmpty ? 'empty' : isSame ? 'unchanged' : 'to_be_written') };
  const refusal = isEmpty || isSame ? undefined : await replace(id, csv);
  if (refusal !== undefined)
    return {
      outcome: { outcome: 'kept', rows, problem: refusal },
      ...(known && { confirmed: unconfirmed(known) }),
    };
  const at = now();
  const writtenAt = isEmpty || isSame ? (known?.writtenAt ?? null) : at;
  return {
    outcome: done(isEmpty ? 'empty' : isSame ? 'unchanged' : 'written'),
    confirmed: { id, digest, rows, writtenAt, confirmedAt: at },
  };
}

/** A table that may have another content by now: the next run writes it, whatever Braze has then. */
export const unconfirmed = (known: Confirmed): Confirmed => ({ ...known, digest: '' });
