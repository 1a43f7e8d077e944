import type { BatchOutcome, NewDeadLetter } from '../../ports/index.ts';
import { assertAccountsForAll } from '../../shared/accounting.ts';
import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';
import { stored, storedOrNull } from '../server/types-on-the-wire.ts';
import { chunksOf, valuesOf } from '../server/values.ts';
import { bytesOf, enqueue, partRow, type QueueRow } from './append.ts';
import type { JournalContext } from './journal-context.ts';
import { Tally } from './tally.ts';

export interface Completion {
  owner: string;
  outcomes: readonly BatchOutcome[];
  keep: boolean;
}

/**
 * Completes rows in one transaction for all calls: deletes them from the queue, stores dead letters, puts
 * held events back into the queue and adds to the counters. Bodies stay until their segment is dropped; with
 * `keep` a row of `delivered` refers to them.
 */
export function complete(context: JournalContext, calls: readonly Completion[]): Promise<number[][]> {
  const held = calls.flatMap(({ outcomes }) => outcomes.flatMap(outcome => outcome.held ?? []));
  if (held.length === 0) return write(context, calls);
  return context.segments.writing(bytesOf(held), segment => write(context, calls, segment));
}

/** @param segment for the bodies of held events; absent when there are none */
function write(
  { database, shard, deliveredUsers }: JournalContext,
  calls: readonly Completion[],
  segment?: number,
): Promise<number[][]> {
  return database.transaction(async connection => {
    const ended = await takeFromQueue(connection, calls);
    const tally = new Tally();
    const dead: DeadRow[] = [];
    const kept: KeptRow[] = [];
    const held: QueueRow[] = [];
    const results = calls.map(({ outcomes, keep, owner }) =>
      outcomes.flatMap(outcome => {
        const row = ended.get(outcome.id);
        if (row?.owner !== owner) return [];
        assertAccountsForAll(outcome, row.events);
        ended.delete(outcome.id);
        for (const letter of outcome.deadLetters) dead.push({ row, letter, at: outcome.at });
        for (const batch of outcome.held ?? []) held.push(partRow(row, batch, batch.until));
        if (keep) kept.push({ row, outcome });
        count(tally, row.connection, outcome);
        return [outcome.id];
      }),
    );
    await insertDeadLetters(connection, dead);
    if (segment !== undefined) await enqueue(connection, held, segment);
    await keepBodies(connection, kept);
    await deliveredUsers.add(
      connection,
      kept.flatMap(({ row: { id }, outcome: { users } }) => (users === undefined ? [] : [{ id, users }])),
    );
    await tally.write(connection, shard);
    return results;
  });
}

type EndedRow = Record<'owner' | 'connection', string> &
  Record<'id' | 'events' | 'bytes' | 'receivedAt' | 'profile' | 'segment', number>;
type KeptRow = { row: EndedRow; outcome: BatchOutcome };
type DeadRow = { row: EndedRow; letter: NewDeadLetter; at: number | undefined };

async function takeFromQueue(
  connection: Queryable,
  calls: readonly Completion[],
): Promise<Map<number, EndedRow>> {
  const asked = calls.flatMap(({ owner, outcomes }) => outcomes.map(({ id }) => ({ id, owner })));
  const rows = await connection.query<EndedRow>(
    `WITH ours AS (
       SELECT batch.id FROM batch JOIN unnest($1::bigint[], $2::text[]) AS asked (id, owner) ON asked.id = batch.id
       WHERE batch.owner = asked.owner ORDER BY batch.id FOR UPDATE OF batch)
     DELETE FROM batch USING ours WHERE batch.id = ours.id
     RETURNING batch.id, owner, connection, events, bytes, received_at AS "receivedAt", profile_id AS profile, segment`,
    [asked.map(({ id }) => id), asked.map(({ owner }) => owner)],
  );
  return new Map(rows.map(row => [row.id, row]));
}

function count(tally: Tally, connection: string, outcome: BatchOutcome): void {
  const { imported, skipped, deadLetters, notes, days, dayOutcomes = [] } = outcome;
  tally.add(connection, 'imported', { '': imported });
  tally.add(connection, 'skipped', skipped);
  for (const { reason } of deadLetters) tally.add(connection, 'dead', { [reason]: 1 });
  tally.add(connection, 'note', notes);
  tally.addDays(connection, days);
  tally.addOutcomes(connection, dayOutcomes);
}

const letterColumns =
  'connection, reason, event_type, insert_id, received_at, profile_id, detail, original, mapped, batch, day, event';

async function insertDeadLetters(connection: Queryable, dead: readonly DeadRow[]): Promise<void> {
  for (const chunk of chunksOf(dead, 1_000)) {
    const rows = chunk.map(({ row, letter, at }) => [
      ...[row.connection, letter.reason, storedOrNull(letter.eventType), storedOrNull(letter.insertId)],
      ...[row.receivedAt, row.profile, stored(letter.detail), stored(letter.original)],
      ...[storedOrNull(letter.mapped), letter.batch ?? null],
      ...[letter.counted?.day ?? null, storedOrNull(letter.counted?.event), at ?? null],
    ]);
    const columns = [
      ...['text', 'text', 'bytea', 'bytea', 'bigint', 'bigint', 'bytea', 'bytea', 'bytea', 'text'],
      ...['text', 'bytea', 'bigint'],
    ];
    const { text, values } = valuesOf(rows, columns);
    await connection.query(
      `INSERT INTO dead_letter
         (${letterColumns}, died_at)
       SELECT ${letterColumns}, coalesce(at, ${NOW}) FROM (VALUES ${text}) AS given (${letterColumns}, at)`,
      values,
    );
  }
}

const keptColumns = 'id, connection, received_at, profile_id, segment, events, bytes, users, outcomes';

async function keepBodies(connection: Queryable, rows: readonly KeptRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { text, values } = valuesOf(
    rows.map(({ row, outcome: { users, outcomes, at } }) => [
      ...[row.id, row.connection, row.receivedAt, row.profile, row.segment, row.events, row.bytes],
      ...[users?.length ?? null, outcomes ?? null, at ?? null],
    ]),
    [
      ...['bigint', 'text', 'bigint', 'bigint', 'bigint', 'integer', 'integer', 'integer'],
      ...['text', 'bigint'],
    ],
  );
  await connection.query(
    `INSERT INTO delivered (${keptColumns}, delivered_at)
     SELECT ${keptColumns}, coalesce(at, ${NOW}) FROM (VALUES ${text}) AS given (${keptColumns}, at)`,
    values,
  );
}
