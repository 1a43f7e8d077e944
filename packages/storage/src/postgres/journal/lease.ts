import type { Journal } from '../../ports/index.ts';
import { fatalDeaths, isInMemory, nextUnit } from '../../shared/accounting.ts';
import { NOW } from '../server/now.ts';
import type { JournalContext, Method } from './journal-context.ts';
import { waits } from './postpone.ts';
import { release } from './release.ts';

/**
 * Leases rows to one owner: due retries and held rows by their time, then fresh rows by arrival, up to the
 * bounds; none while the connection waits.
 *
 * First it counts how many rows fit, without a lock; then it leases as many and skips rows that another
 * replica has locked. Two replicas that ask at once get different rows, and neither waits.
 *
 * An expired lease means that its owner may have died: the next owner that finds such a row counts a death
 * and treats it as a suspect. The row stays its owner's until another owner leases it, so late work still
 * counts. `leased_until` 0 means that the death was counted.
 */
export const lease: Method<Journal['lease']> = async (context, request) => {
  const { database, segments, profiles } = context;
  const { connection, owner, leaseMs, maxRows, now, inMemory } = request;
  const look = () =>
    database.query<Candidate>(
      `(SELECT 'due' AS kind, ${looked} FROM batch WHERE ${noWait} AND ${due} LIMIT $2) UNION ALL
       (SELECT 'held', ${looked} FROM batch WHERE ${noWait} AND ${heldUntil('$4')} LIMIT $2) UNION ALL
       (SELECT 'fresh', ${looked} FROM batch WHERE ${noWait} AND ${fresh} LIMIT $2)`,
      [connection, maxRows, owner, now],
    );
  let queue = await look();
  const orphans = queue.filter(({ orphan }) => orphan).map(({ id }) => id);
  if (orphans.length > 0) {
    await countDeath(context, orphans, owner);
    queue = await look();
  }
  const fitting = nextUnit(queue.slice(0, maxRows), request);
  if (fitting.length === 0) return [];
  const countOf = (kind: Candidate['kind']) => fitting.filter(row => row.kind === kind).length;

  const taken = await database.query<Taken>(
    `WITH retries AS (SELECT id FROM batch WHERE ${due} LIMIT $4 FOR UPDATE SKIP LOCKED),
       come AS (SELECT id FROM batch WHERE ${heldUntil('$6')} LIMIT $7 FOR UPDATE SKIP LOCKED),
       arrivals AS (SELECT id FROM batch WHERE ${fresh} LIMIT $5 FOR UPDATE SKIP LOCKED)
     UPDATE batch SET owner = $2, leased_until = ${NOW} + $3
     FROM (SELECT id FROM retries UNION ALL SELECT id FROM come UNION ALL SELECT id FROM arrivals) AS chosen
     WHERE batch.id = chosen.id
     RETURNING batch.id, due_at AS "dueAt", attempts, deaths, events, bytes,
       received_at AS "receivedAt", profile_id AS profile, segment`,
    [connection, owner, leaseMs, countOf('due'), countOf('fresh'), now, countOf('held')],
  );
  taken.sort(inOrderOfQueue);
  const kept = nextUnit(taken, request);
  const surplus = taken.slice(kept.length).map(({ id }) => id);
  if (surplus.length > 0) await release(context, owner, surplus, { delayMs: 0, attempt: false });

  const isKnown = isInMemory(inMemory);
  const bodies = await segments.read(
    database,
    kept.filter(row => !isKnown(row)),
  );
  const texts = await profiles.textsOf(database, kept);
  return kept.flatMap(row => {
    const { id, attempts, deaths, events, receivedAt, profile } = row;
    const body = isKnown(row) ? new Uint8Array() : bodies.get(id);
    return body === undefined
      ? []
      : [{ id, connection, attempts, deaths, events, receivedAt, profile: texts.get(profile)!, body }];
  });
};

const noWait = `NOT EXISTS (SELECT 1 FROM connection_wait WHERE connection_wait.connection = $1 AND ${waits})`;
/** Rows whose owner let its lease run out. */
async function countDeath(
  { database }: JournalContext,
  ids: readonly number[],
  seenBy: string,
): Promise<void> {
  await database.query(
    `WITH orphans AS (SELECT id FROM batch WHERE id = ANY ($1) AND owner <> $2
       AND leased_until > 0 AND leased_until <= ${NOW} ORDER BY id FOR UPDATE)
     UPDATE batch SET leased_until = 0, deaths = deaths + 1 FROM orphans WHERE batch.id = orphans.id`,
    [ids, seenBy],
  );
}

const free = `connection = $1 AND deaths < ${fatalDeaths} AND leased_until <= ${NOW}`;
const due = `${free} AND due_at > 0 AND due_at <= ${NOW} ORDER BY due_at, id`;
const heldUntil = (clock: string) =>
  `${free} AND due_at < 0 AND due_at >= -(${clock}::bigint) ORDER BY due_at DESC, id DESC`;
const fresh = `${free} AND due_at = 0 ORDER BY id`;
const looked = 'id, events, bytes, deaths, coalesce(owner <> $3 AND leased_until > 0, false) AS orphan';

type Queued = Record<'id' | 'events' | 'bytes' | 'deaths', number>;
type Candidate = Queued & { kind: 'due' | 'held' | 'fresh'; orphan: boolean };
type Taken = Queued & Record<'dueAt' | 'attempts' | 'receivedAt' | 'profile' | 'segment', number>;

function inOrderOfQueue(a: Taken, b: Taken): number {
  const place = ({ dueAt }: Taken) => (dueAt === 0 ? Number.POSITIVE_INFINITY : Math.abs(dueAt));
  return place(a) === place(b) ? a.id - b.id : place(a) - place(b);
}
