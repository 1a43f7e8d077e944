import type { CohortStore } from '@braze-mixpanel/storage';
import { keysOfChunk } from './chunk-keys.ts';
import { parts } from './states.ts';

/** `removed` members are of one run alone, and `unknown` ones stay so after a run that changed nothing. */
const compared = parts.filter(({ state }) => state !== 'removed' && state !== 'unknown');

/** Whether a ledger lists the same members in the same states as the newest one of the sync that has a run. */
export async function listsTheSame(sync: string, ledger: number, store: CohortStore): Promise<boolean> {
  const [newest] = await store.ledgers(sync);
  if (newest === undefined) return false;
  for (const { name } of compared) if (!(await isSamePart(name, [newest.id, ledger], store))) return false;
  return true;
}

/** Chunk by chunk: the same keys are the same chunks. */
async function isSamePart(
  part: string,
  ledgers: readonly [number, number],
  store: CohortStore,
): Promise<boolean> {
  for (let after: string | undefined; ; ) {
    const read = (ledger: number) => store.readLedger({ ledger, part, after, limit: 1 });
    const [[one], [other]] = [await read(ledgers[0]), await read(ledgers[1])];
    if (one === undefined || other === undefined) return one === other;
    if (Buffer.compare(one.body, other.body) !== 0) return false;
    after = (await keysOfChunk(one.body)).at(-1);
  }
}
