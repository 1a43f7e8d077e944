import { fatalDeaths } from '../../accounting.ts';
import type { ConnectionCounts, DayCount } from '../../ports/index.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import type { TallyKind } from '../journal/tally.ts';
import { read } from '../server/types-on-the-wire.ts';

/**
 * Counters of every connection that ever took a batch, with what is pending summed from its rows. One statement, so that all
 * of it is of one moment.
 */
export async function counts({ database }: JournalContext): Promise<Record<string, ConnectionCounts>> {
  const rows = await database.query<Row>(
    `SELECT connection, kind, reason, sum(count) AS count, NULL AS batches, NULL AS bytes, NULL AS oldest, NULL AS held,
            NULL AS quarantined, NULL AS "quarantinedBatches"
       FROM tally GROUP BY connection, kind, reason HAVING sum(count) <> 0 OR kind <> 'dead'
     UNION ALL
     SELECT connection, 'pending', '', sum(events), count(*), sum(bytes),
            min(received_at) FILTER (WHERE deaths < ${fatalDeaths} AND due_at >= 0),
            coalesce(sum(events) FILTER (WHERE due_at < 0), 0),
            coalesce(sum(events) FILTER (WHERE deaths >= ${fatalDeaths}), 0), count(*) FILTER (WHERE deaths >= ${fatalDeaths})
       FROM batch GROUP BY connection
     ORDER BY connection, kind, reason`,
  );
  return Object.fromEntries(
    [...Map.groupBy(rows, row => row.connection)].map(([connection, own]) => [connection, gather(own)]),
  );
}

type Row = {
  connection: string;
  kind: TallyKind | 'pending';
  reason: string;
  count: number;
  batches: number | null;
  bytes: number | null;
  held: number | null;
  oldest: number | null;
  quarantined: number | null;
  quarantinedBatches: number | null;
};

function gather(rows: readonly Row[]): ConnectionCounts {
  const byReason = (kind: TallyKind) =>
    Object.fromEntries(rows.filter(row => row.kind === kind).map(({ reason, count }) => [reason, count]));
  const of = (kind: Row['kind']) => rows.find(row => row.kind === kind);
  const pending = of('pending');
  return {
    accepted: of('accepted')?.count ?? 0,
    imported: of('imported')?.count ?? 0,
    skipped: byReason('skipped'),
    deadLettered: byReason('dead'),
    notes: byReason('note'),
    pending: pending?.count ?? 0,
    pendingBatches: pending?.batches ?? 0,
    pendingBytes: pending?.bytes ?? 0,
    quarantined: pending?.quarantined ?? 0,
    quarantinedBatches: pending?.quarantinedBatches ?? 0,
    held: pending?.held ?? 0,
    oldestPendingAt: pending?.oldest ?? undefined,
  };
}

export async function dayCounts(
  { database }: JournalContext,
  { connection, from, to }: { connection: string; from: string; to: string },
): Promise<DayCount[]> {
  const rows = await database.query<{ day: string; event: Uint8Array; count: number }>(
    `SELECT day, event, sum(count) AS count FROM day_count WHERE connection = $1 AND day BETWEEN $2 AND $3
     GROUP BY day, event ORDER BY day, event`,
    [connection, from, to],
  );
  return rows.map(({ day, event, count }) => ({ day, event: read(event), count }));
}
