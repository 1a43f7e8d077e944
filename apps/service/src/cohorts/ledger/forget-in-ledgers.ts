import { runOfKeys } from '@braze-mixpanel/core/cohorts';
import type { CohortCommit, CohortStore, LedgerChunk } from '@braze-mixpanel/storage';
import { parseJson } from '../../vendor-http/exchange.ts';
import { compress } from '../syncs/run-store.ts';
import { keysOfChunk } from './chunk-keys.ts';
import { type StoredNotes, storedNotesSchema } from './notes.ts';
import { parts } from './states.ts';

/** The user to forget, by the keys that are theirs and the texts that name them. */
interface Forgotten {
  readonly isTheirs: (key: string) => boolean;
  readonly isNamedIn: (text: string) => boolean;
}

/** The change that removes a user from the ledgers of a sync, and the number of removed entries. */
export async function forgetInLedgers(
  sync: string,
  user: Forgotten,
  store: CohortStore,
): Promise<{ entries: number; ledgers: NonNullable<CohortCommit['ledgers']> }> {
  const ledgers: NonNullable<CohortCommit['ledgers']> = { drop: [], put: [] };
  let entries = 0;
  for (const { id: ledger } of await store.ledgers(sync))
    for (const { name: part } of parts)
      for (let after: string | undefined; ; ) {
        const [chunk] = await store.readLedger({ ledger, part, after, limit: 1 });
        if (chunk === undefined) break;
        const keys = await keysOfChunk(chunk.body);
        after = keys.at(-1)!;
        const rest = keys.filter(key => !user.isTheirs(key));
        const notes = notesWithout(chunk.notes, user);
        entries += keys.length - rest.length;
        if (rest.length === keys.length && notes === undefined) continue;
        ledgers.drop.push(chunk.id);
        const put = { ledger, part, at: chunk.at, notes: JSON.stringify(notes ?? parseJson(chunk.notes)) };
        if (rest.length > 0) ledgers.put.push(chunkOf(rest, put));
      }
  return { entries, ledgers };
}

const chunkOf = (keys: readonly string[], chunk: Omit<LedgerChunk, 'last' | 'body'>): LedgerChunk => ({
  ...{ ...chunk, last: keys.at(-1)! },
  body: compress(runOfKeys(keys).chunk),
});

/** The notes without those on the user, and without messages that name them; `undefined` where nothing changes. */
function notesWithout(text: string, { isTheirs, isNamedIn }: Forgotten): StoredNotes | undefined {
  const notes = storedNotesSchema.parse(parseJson(text));
  const all = Object.entries(notes.of);
  if (!all.some(([key, { message }]) => isTheirs(key) || isNamedIn(message))) return undefined;
  const kept = all.filter(([key]) => !isTheirs(key));
  const of = kept.map(
    ([key, note]) => [key, isNamedIn(note.message) ? { ...note, message: '' } : note] as const,
  );
  return { ...notes, of: Object.fromEntries(of) };
}
