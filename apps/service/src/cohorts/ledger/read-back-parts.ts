import { runOfKeys, sortKeys } from '@braze-mixpanel/core/cohorts';
import type { CohortCommit, CohortStore } from '@braze-mixpanel/storage';
import type { ReadBackAnswer } from '../sinks/sink.ts';
import { compress } from '../syncs/run-store.ts';
import type { SyncRecord } from '../syncs/sync-record.ts';
import { keysOfChunk } from './chunk-keys.ts';
import type { StoredNotes } from './notes.ts';
import { partName } from './states.ts';

type Shown = Extract<ReadBackAnswer, { readonly kind: 'read' }>;

/**
 * What a read-back adds to the ledger of the newest run: members that are no users of Braze, and members whose
 * change Braze does not have. Only while the list that was sent is Mixpanel's newest one: otherwise the members may
 * be in another state.
 *
 * @param now milliseconds since 1970
 */
export async function readBackParts(
  { id: sync, state, acceptedAt }: SyncRecord,
  { confirmed, contradicted, withoutUser }: Shown,
  { store, now }: { store: CohortStore; now: number },
): Promise<CohortCommit['ledgers']> {
  const [newest] = await store.ledgers(sync);
  if (newest === undefined || state.applying || state.waiting) return undefined;
  const read = new Set([...confirmed, ...contradicted, ...withoutUser].map(({ key }) => key));
  const ledgers: NonNullable<CohortCommit['ledgers']> = { drop: [], put: [] };
  const joining = withoutUser.filter(({ remove }) => !remove);
  for (const [part, changes] of [
    [partName('unknown', false), joining],
    [partName('contradicted', false), contradicted.filter(({ remove }) => !remove)],
    [partName('contradicted', true), contradicted.filter(({ remove }) => remove)],
  ] as const) {
    // A sample has 50 members at most, so a part is one chunk.
    const [chunk] = await store.readLedger({ ledger: newest.id, part, after: undefined, limit: 1 });
    const before = chunk ? await keysOfChunk(chunk.body) : [];
    const keys = sortKeys([...before.filter(key => !read.has(key)), ...changes.map(({ key }) => key)]);
    if (chunk) ledgers.drop.push(chunk.id);
    const last = keys.at(-1);
    if (last === undefined) continue;
    const notes: StoredNotes = { ...(acceptedAt !== undefined && { sentAt: acceptedAt }), of: {} };
    const body = compress(runOfKeys(keys).chunk);
    ledgers.put.push({ ledger: newest.id, part, last, at: now, notes: JSON.stringify(notes), body });
  }
  return ledgers.drop.length + ledgers.put.length > 0 ? ledgers : undefined;
}
