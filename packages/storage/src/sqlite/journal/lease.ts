import type { Journal, LeasedBatch } from '../../ports/index.ts';
import { fatalDeaths, isInMemory, nextUnit } from '../../shared/accounting.ts';
import { waits } from '../schema/wait-table.ts';
import type { Command } from '../thread/command.ts';
import { queueNow } from './queue-time.ts';

/**
 * Leases rows to one owner: due retries and then held rows by their time, then fresh rows by arrival, up to
 * the bounds; none while the connection waits.
 */
export const lease: Command<Journal['lease']> = db => {
  const free = `deaths < ${fatalDeaths}
     AND NOT EXISTS (SELECT 1 FROM leases.lease WHERE batch_id = batch.id AND expires_at > :now)`;
  const candidates = (when: string, order: string) =>
    db.prepare(
      `SELECT id, events, bytes, deaths FROM batch
       WHERE connection = :connection AND ${when} AND ${free} ORDER BY ${order} LIMIT :limit`,
    );
  const retries = candidates('due_at > 0 AND due_at <= :now', 'due_at, id');
  const held = candidates('due_at < 0 AND due_at >= -:clock', 'due_at DESC, id DESC');
  const fresh = candidates('due_at = 0', 'id');
  const take = db.prepare(
    'INSERT OR REPLACE INTO leases.lease (batch_id, owner, expires_at) VALUES (?, ?, ?)',
  );
  const reading = (body: string) =>
    db.prepare(
      `SELECT batch.id, connection, attempts, deaths, events, received_at AS receivedAt, profile.text AS profile, ${body}
       FROM batch JOIN profile ON profile.id = profile_id WHERE batch.id = ?`,
    );
  const read = reading('(SELECT body FROM batch_body WHERE batch_body.id = batch.id) AS body');
  const readWithoutBody = reading(`x'' AS body`);

  const wait = db.prepare(`SELECT 1 FROM connection_wait WHERE connection = :connection AND ${waits}`);

  return ({ connection, owner, leaseMs, maxRows, now: clock, inMemory, ...bounds }) => {
    const at = queueNow();
    if (wait.get({ connection, now: at }) !== undefined) return [];
    const due = retries.all({ connection, now: at, limit: maxRows }) as Candidate[];
    const kept = held.all({ connection, now: at, clock, limit: maxRows - due.length }) as Candidate[];
    const limit = maxRows - due.length - kept.length;
    const arrived = limit > 0 ? (fresh.all({ connection, now: at, limit }) as Candidate[]) : [];

    const isKnown = isInMemory(inMemory);
    return nextUnit([...due, ...kept, ...arrived], bounds).map(row => {
      take.run(row.id, owner, at + leaseMs);
      return (isKnown(row) ? readWithoutBody : read).get(row.id) as unknown as LeasedBatch;
    });
  };
};

type Candidate = { id: number; events: number; bytes: number; deaths: number };
