import type { BatchPart, NewBatch } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';
import { chunksOf, valuesOf } from '../server/values.ts';
import type { JournalContext } from './journal-context.ts';
import { bodyTable } from './segments.ts';
import { Tally } from './tally.ts';

/**
 * Stores inbound batches and counts their events as accepted: one statement, so one commit. Resolves to their
 * ids, in order.
 */
export async function append(context: JournalContext, batches: readonly NewBatch[]): Promise<number[]> {
  const rows = await rowsOf(context, batches);
  const tally = new Tally();
  for (const { connection, events } of batches) tally.add(connection, 'accepted', { '': events });
  return context.segments.writing(bytesOf(batches), async segment => {
    const queued = queueing(rows, segment);
    const counted = tally.statement(context.shard, queued.values.length);
    const ids = await context.database.query<{ id: number }>(
      `WITH counted AS (${counted.text}), ${queued.text}`,
      [...queued.values, ...counted.values],
    );
    return ids.map(({ id }) => id);
  });
}

export type QueueRow = readonly [
  connection: string,
  dueAt: number,
  receivedAt: number,
  profile: number,
  events: number,
  bytes: number,
  body: Buffer,
];

export async function rowsOf(
  { database, profiles }: JournalContext,
  batches: readonly NewBatch[],
): Promise<QueueRow[]> {
  const rows: QueueRow[] = [];
  for (const { connection, receivedAt, events, body, profile } of batches) {
    const row = { connection, receivedAt, profile: await profiles.idOf(database, profile) };
    rows.push(partRow(row, { events, body }));
  }
  return rows;
}

/** A new row with some events of another row, at the end of the queue or held until a time. */
export function partRow(
  { connection, receivedAt, profile }: { connection: string; receivedAt: number; profile: number },
  { events, body }: BatchPart,
  heldUntil = 0,
): QueueRow {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return [connection, 0 - heldUntil, receivedAt, profile, events, bytes.length, bytes];
}

/** Puts rows into the queue, in their order. The caller adds to the counters. */
export async function enqueue(
  connection: Queryable,
  rows: readonly QueueRow[],
  segment: number,
): Promise<void> {
  for (const chunk of chunksOf(rows, 1_000)) {
    const { text, values } = queueing(chunk, segment);
    await connection.query(`WITH ${text}`, values);
  }
}

export const bytesOf = (batches: readonly Pick<NewBatch, 'body'>[]): number =>
  batches.reduce((sum, { body }) => sum + body.byteLength, 0);

function queueing(rows: readonly QueueRow[], segment: number): { text: string; values: unknown[] } {
  const types = ['integer', 'text', 'bigint', 'bigint', 'bigint', 'integer', 'integer', 'bytea'];
  const given = valuesOf(
    rows.map((row, place) => [place, ...row]),
    types,
  );
  return {
    text: `given (place, connection, due_at, received_at, profile_id, events, bytes, body) AS (VALUES ${given.text}),
      numbered AS MATERIALIZED (SELECT nextval('batch_id') AS id, given.* FROM given),
      queued AS (
        INSERT INTO batch (id, connection, due_at, received_at, profile_id, events, bytes, segment)
        SELECT id, connection, due_at, received_at, profile_id, events, bytes, ${segment} FROM numbered),
      kept AS (INSERT INTO ${bodyTable(segment)} (id, body) SELECT id, body FROM numbered)
      SELECT id FROM numbered ORDER BY place`,
    values: given.values,
  };
}
