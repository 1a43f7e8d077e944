import { randomInt } from 'node:crypto';
import { crashStorage } from '../crash/crash-storage.ts';
import { runSessions } from './run-sessions.ts';

export interface SessionArguments {
  readonly pages: number;
  readonly seed?: number;
}

export async function sessions({ pages, seed = randomInt(1, 2 ** 31) }: SessionArguments): Promise<void> {
  console.log(`Seed ${seed}.`);
  await using storage = await crashStorage('sqlite');
  console.log(JSON.stringify(await runSessions({ pages, seed, storage }), null, 2));
}
