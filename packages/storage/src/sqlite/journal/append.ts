import type { DatabaseSync } from 'node:sqlite';
import type { Journal, NewBatch } from '../../ports/index.ts';
import { prepareDiskReserve } from '../file/disk-reserve.ts';
import type { Command } from '../thread/command.ts';
import { prepareTally } from './tally.ts';

/** Stores one inbound batch and counts its events as accepted. The answer gives its memory back. */
export const append: Command<Journal['append']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings);
  const addBatch = prepareBatch(db);
  const tally = prepareTally(db);

  return batch => {
    needRoom(batch.body.byteLength);
    const id = addBatch(batch);
    tally(batch.connection, 'accepted', { '': batch.events });
    return { id, body: batch.body };
  };
};

/** Puts a batch into the queue, at its end or held until a time; returns its id. The caller adds to the counters. */
export function prepareBatch(db: DatabaseSync): (batch: NewBatch, heldUntil?: number) => number {
  const findProfile = db.prepare('SELECT id FROM profile WHERE text = ?');
  const addProfile = db.prepare('INSERT INTO profile (text) VALUES (?) RETURNING id');
  const addBatch = db.prepare(
    `INSERT INTO batch (connection, due_at, events, bytes, received_at, profile_id)
     VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const addBody = db.prepare('INSERT INTO batch_body (id, body) VALUES (?, ?)');

  return ({ connection, events, body, receivedAt, profile }, heldUntil = 0) => {
    const { id: profileId } = (findProfile.get(profile) ?? addProfile.get(profile)) as { id: number };
    const row = [connection, 0 - heldUntil, events, body.byteLength, receivedAt, profileId];
    const { id } = addBatch.get(...row) as { id: number };
    addBody.run(id, body);
    return id;
  };
}
