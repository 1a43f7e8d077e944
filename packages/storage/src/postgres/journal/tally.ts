import type { DayCount, DayOutcome } from '../../ports/index.ts';
import type { TallyKind } from '../../shared/counts.ts';
import type { Queryable } from '../server/database.ts';
import { stored } from '../server/types-on-the-wire.ts';
import { chunksOf, valuesOf } from '../server/values.ts';

/** A statement has at most 65,535 parameters. */
const AT_ONCE = 5_000;

/**
 * What one transaction adds to the counters: gathered first, then written at once and in one order, so that
 * two transactions that touch the same counters wait for each other and never in a circle.
 */
export class Tally {
  readonly #counts = new Map<string, Entry>();
  readonly #days = new Map<string, Entry>();
  readonly #outcomes = new Map<string, Entry>();

  add(connection: string, kind: TallyKind, counts: Record<string, number>): void {
    for (const [reason, count] of Object.entries(counts))
      plus(this.#counts, [connection, kind, reason], count);
  }

  addDays(connection: string, days: readonly DayCount[]): void {
    for (const { day, event, count } of days) plus(this.#days, [connection, day, event], count);
  }

  addOutcomes(connection: string, outcomes: readonly DayOutcome[]): void {
    for (const { day, event, kind, reason, count } of outcomes)
      plus(this.#outcomes, [connection, day, event, kind, reason], count);
  }

  async write(connection: Queryable, shard: number): Promise<void> {
    for (const part of chunksOf(inOrder(this.#counts), AT_ONCE)) {
      const { text, values } = this.#statement(part, shard, 0);
      await connection.query(text, values);
    }
    for (const part of chunksOf(inOrder(this.#days), AT_ONCE)) {
      const rows = part.map(({ row: [name, day, event], count }) => [
        name,
        day,
        stored(event!),
        shard,
        count,
      ]);
      const { text, values } = valuesOf(rows, ['text', 'text', 'bytea', 'smallint', 'bigint']);
      await connection.query(
        `INSERT INTO day_count (connection, day, event, shard, count) VALUES ${text}
         ON CONFLICT (connection, day, sha256(event), shard) DO UPDATE SET count = day_count.count + excluded.count`,
        values,
      );
    }
    for (const part of chunksOf(inOrder(this.#outcomes), AT_ONCE)) {
      const rows = part.map(({ row: [name, day, event, ...rest], count }) => [
        ...[name, day, stored(event!), ...rest, shard, count],
      ]);
      const { text, values } = valuesOf(rows, [
        'text',
        'text',
        'bytea',
        'text',
        'text',
        'smallint',
        'bigint',
      ]);
      await connection.query(
        `INSERT INTO day_outcome (connection, day, event, kind, reason, shard, count) VALUES ${text}
         ON CONFLICT (connection, day, sha256(event), kind, reason, shard)
         DO UPDATE SET count = day_outcome.count + excluded.count`,
        values,
      );
    }
  }

  /**
   * The counters alone as a statement, for callers with a statement of their own; its parameters begin after
   * `from`.
   */
  statement(shard: number, from: number): { text: string; values: unknown[] } {
    return this.#statement(inOrder(this.#counts), shard, from);
  }

  #statement(entries: readonly Entry[], shard: number, from: number): { text: string; values: unknown[] } {
    const rows = entries.map(({ row, count }) => [...row, shard, count]);
    const { text, values } = valuesOf(rows, ['text', 'text', 'text', 'smallint', 'bigint'], from);
    return {
      text: `INSERT INTO tally (connection, kind, reason, shard, count) VALUES ${text}
        ON CONFLICT (connection, kind, reason, shard) DO UPDATE SET count = tally.count + excluded.count`,
      values,
    };
  }
}

type Entry = { row: readonly string[]; count: number };

function plus(entries: Map<string, Entry>, row: readonly string[], count: number): void {
  const key = JSON.stringify(row);
  const entry = entries.get(key);
  if (entry === undefined) entries.set(key, { row, count });
  else entry.count += count;
}

const inOrder = (entries: Map<string, Entry>): Entry[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
