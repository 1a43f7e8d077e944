import { once, RunCursor } from '@braze-mixpanel/core/cohorts';
import { decompress } from '../syncs/run-store.ts';

/** The keys of a stored chunk, in order. */
export async function keysOfChunk(body: Uint8Array): Promise<string[]> {
  const keys: string[] = [];
  const cursor = new RunCursor(once(decompress(body)));
  if (await cursor.load())
    do keys.push(cursor.key);
    while (cursor.next());
  return keys;
}
