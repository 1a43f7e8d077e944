import type { Reconciliation, Reconciliations } from '../ports/index.ts';
import { reconciliationsKept } from '../shared/bounds.ts';
import { type Command, NOW } from './thread/command.ts';

export const create: Command<Reconciliations['create']> = db => {
  const add = db.prepare(
    `INSERT INTO reconciliation (connection, from_day, to_day, is_daily, started_at, renewed_at)
     VALUES (?, ?, ?, ?, ?, ${NOW}) RETURNING id`,
  );
  const dropOld = db.prepare(
    `DELETE FROM reconciliation WHERE id IN (
       SELECT id FROM reconciliation WHERE connection = ? AND is_daily = ?
       ORDER BY id DESC LIMIT -1 OFFSET ${reconciliationsKept})`,
  );
  return ({ connection, from, to, isDaily, startedAt }) => {
    const { id } = add.get(connection, from, to, Number(isDaily), startedAt) as { id: number };
    dropOld.run(connection, Number(isDaily));
    return id;
  };
};

export const renew: Command<Reconciliations['renew']> = db => {
  const update = db.prepare(
    `UPDATE reconciliation SET text = ?, renewed_at = ${NOW} WHERE id = ? AND state = 'running'`,
  );
  return (id, text) => {
    update.run(text, id);
  };
};

export const interrupt: Command<Reconciliations['interrupt']> = db => {
  const update = db.prepare(
    `UPDATE reconciliation SET state = 'interrupted', ended_at = ?, text = ?
     WHERE state = 'running' AND renewed_at <= ${NOW} - ?`,
  );
  return ({ silentMs, at, text }) => Number(update.run(at, text, silentMs).changes);
};

export const end: Command<Reconciliations['end']> = db => {
  const update = db.prepare(
    `UPDATE reconciliation SET state = ?, ended_at = ?, text = ? WHERE id = ? AND state IN ('running', 'interrupted')`,
  );
  return ({ id, at, state, text }) => {
    update.run(state, at, text, id);
  };
};

const columns = `id, connection, from_day AS "from", to_day AS "to", started_at AS startedAt, ended_at AS endedAt, state,
  is_daily AS isDaily`;

/** A row as SQLite has it, which knows no booleans. */
type Stored<Row> = Omit<Row, 'isDaily'> & { isDaily: number };
const withKind = <Row>({ isDaily, ...row }: Stored<Row>): Row => ({ ...row, isDaily: isDaily === 1 }) as Row;

export const get: Command<Reconciliations['get']> = db => {
  const find = db.prepare(`SELECT ${columns}, text FROM reconciliation WHERE id = ?`);
  return id => {
    const row = find.get(id) as unknown as Stored<Reconciliation> | undefined;
    return row && withKind(row);
  };
};

export const list: Command<Reconciliations['list']> = db => {
  const find = db.prepare(
    `SELECT ${columns} FROM reconciliation WHERE (?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR is_daily = ?2)
     ORDER BY id DESC LIMIT ?3`,
  );
  return ({ connection, isDaily, limit }) =>
    (
      find.all(
        connection ?? null,
        isDaily === undefined ? null : Number(isDaily),
        limit,
      ) as unknown as Stored<Omit<Reconciliation, 'text'>>[]
    ).map(withKind);
};

export const countedSince: Command<Reconciliations['countedSince']> = db => {
  const find = db.prepare('SELECT day FROM counted_since WHERE connection = ?');
  return connection => (find.get(connection) as { day: string } | undefined)?.day;
};

export const countFrom: Command<Reconciliations['countFrom']> = db => {
  const add = db.prepare('INSERT INTO counted_since (connection, day) VALUES (?, ?) ON CONFLICT DO NOTHING');
  return (connection, day) => {
    add.run(connection, day);
  };
};
