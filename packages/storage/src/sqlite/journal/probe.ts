import { prepareDiskReserve } from '../file/disk-reserve.ts';
import type { Command } from '../thread/command.ts';
import type { Upkeep } from '../thread/thread-ports.ts';

/**
 * Test of the disk in two commits: space is used, then freed. Overwriting a row in place would succeed on a
 * disk that has no space for the next batch.
 */
export const writeProbe: Command<Upkeep['writeProbe']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings);
  const write = db.prepare(
    'INSERT INTO probe VALUES (1, zeroblob(?)) ON CONFLICT DO UPDATE SET payload = excluded.payload',
  );
  return bytes => {
    needRoom(bytes);
    write.run(bytes);
  };
};

export const clearProbe: Command<Upkeep['clearProbe']> = db => {
  const clear = db.prepare('DELETE FROM probe');
  return () => {
    clear.run();
  };
};
