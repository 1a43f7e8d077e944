import { fatalDeaths } from '../../accounting.ts';
import type { Journal } from '../../ports/index.ts';
import type { TallyKind } from '../journal/tally.ts';
import type { Command } from '../thread/command.ts';

/** Counters of every connection that ever took a batch, with what is pending summed from its rows (their bytes are not read). */
export const counts: Command<Journal['counts']> = db => {
  const tallies = db.prepare(
    'SELECT connection, kind, reason, count FROM tally ORDER BY connection, kind, reason',
  );
  const pending = db.prepare(
    `SELECT connection, sum(events) AS pending, count(*) AS pendingBatches, sum(bytes) AS pendingBytes,
            coalesce(sum(events) FILTER (WHERE due_at < 0), 0) AS held,
            min(received_at) FILTER (WHERE deaths < ${fatalDeaths} AND due_at >= 0) AS oldestPendingAt,
            sum(iif(deaths < ${fatalDeaths}, 0, events)) AS quarantined, sum(deaths >= ${fatalDeaths}) AS quarantinedBatches
     FROM batch GROUP BY connection`,
  );

  return () => {
    const rows = tallies.all() as Tally[];
    const queues = new Map(
      (pending.all() as Queue[]).map(({ connection, ...queue }) => [
        connection,
        { ...queue, oldestPendingAt: queue.oldestPendingAt ?? undefined },
      ]),
    );
    const byConnection = Map.groupBy(rows, row => row.connection);
    return Object.fromEntries(
      [...byConnection].map(([connection, own]) => {
        const queue = queues.get(connection) ?? nothingPending;
        return [
          connection,
          { ...queue, oldestPendingAt: queue.oldestPendingAt ?? undefined, ...gather(own) },
        ];
      }),
    );
  };
};

type Tally = { connection: string; kind: TallyKind; reason: string; count: number };
type Queue = {
  connection: string;
  pending: number;
  pendingBatches: number;
  pendingBytes: number;
  held: number;
  quarantined: number;
  quarantinedBatches: number;
  oldestPendingAt: number | null;
};

const nothingPending = {
  pending: 0,
  pendingBatches: 0,
  pendingBytes: 0,
  quarantined: 0,
  quarantinedBatches: 0,
  held: 0,
  oldestPendingAt: undefined,
};

function gather(rows: readonly Tally[]) {
  const byReason = (kind: TallyKind) =>
    Object.fromEntries(rows.filter(row => row.kind === kind).map(({ reason, count }) => [reason, count]));
  const total = (kind: TallyKind) => rows.find(row => row.kind === kind)?.count ?? 0;
  return {
    accepted: total('accepted'),
    imported: total('imported'),
    skipped: byReason('skipped'),
    deadLettered: byReason('dead'),
    notes: byReason('note'),
  };
}
