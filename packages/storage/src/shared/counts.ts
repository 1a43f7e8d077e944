import type { ConnectionCounts } from '../ports/index.ts';
import { fatalDeaths } from './accounting.ts';

export type TallyKind = 'accepted' | 'imported' | 'skipped' | 'dead' | 'note';

/**
 * Counters of every connection that ever had a batch, with what is pending summed from its rows (their bodies
 * are not read). One statement for both engines, so that all counts are of one moment.
 */
export const countsQuery = `
  SELECT connection, kind, reason, sum(count) AS count, NULL AS batches, NULL AS bytes, NULL AS oldest, NULL AS held,
         NULL AS quarantined, NULL AS "quarantinedBatches"
    FROM tally GROUP BY connection, kind, reason HAVING sum(count) <> 0 OR kind <> 'dead'
  UNION ALL
  SELECT connection, 'pending', '', sum(events), count(*), sum(bytes),
         min(received_at) FILTER (WHERE deaths < ${fatalDeaths} AND due_at >= 0),
         coalesce(sum(events) FILTER (WHERE due_at < 0), 0),
         coalesce(sum(events) FILTER (WHERE deaths >= ${fatalDeaths}), 0), count(*) FILTER (WHERE deaths >= ${fatalDeaths})
    FROM batch GROUP BY connection
  ORDER BY connection, kind, reason`;

/** A row of `countsQuery`: a counter, or what is pending. */
export type CountRow = {
  connection: string;
  kind: TallyKind | 'pending';
  reason: string;
  count: number;
} & Record<'batches' | 'bytes' | 'held' | 'oldest' | 'quarantined' | 'quarantinedBatches', number | null>;

export const countsOf = (rows: readonly CountRow[]): Record<string, ConnectionCounts> =>
  Object.fromEntries(
    [...Map.groupBy(rows, row => row.connection)].map(([connection, own]) => [connection, gather(own)]),
  );

function gather(rows: readonly CountRow[]): ConnectionCounts {
  const byReason = (kind: TallyKind) =>
    Object.fromEntries(rows.filter(row => row.kind === kind).map(({ reason, count }) => [reason, count]));
  const of = (kind: CountRow['kind']) => rows.find(row => row.kind === kind);
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
