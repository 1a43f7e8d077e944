/**
 * The ledger of a run: every member that is not in Braze as it is in Mixpanel, by comparing the state of the sync
 * before and after the run. Invariant: each member of the newest list was accepted or is in exactly one state.
 *
 * Streaming over the snapshots; the part that equal snapshots share costs next to nothing. A key that is open from
 * an earlier run, and that this run did not send, waits.
 */
import {
  compareBytes,
  isUnmatched,
  newestTarget,
  once,
  RunCursor,
  runOfKeys,
  type Snapshot,
  type SyncState,
  walkRuns,
} from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import { RunStore } from '../syncs/run-store.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { listsTheSame } from './lists-the-same.ts';
import type { RunNotes } from './notes.ts';
import { partName, type StateCounts } from './states.ts';

interface LedgerOptions {
  readonly sync: string;
  readonly store: CohortStore;
  /** The state at the beginning of the run, whose snapshots are still stored, and the present one. */
  readonly before: SyncState;
  readonly after: SyncState;
  /** Whether the list that Braze has is assumed: Braze has never accepted one completely. */
  readonly isAssumed: boolean;
  readonly notes: RunNotes;
  /** Members without any ID, which a ledger counts and cannot list. */
  readonly withoutId: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface WrittenLedger {
  readonly id: number;
  readonly states: StateCounts;
  /** Whether the list changed, or a member has another state than in the newest ledger before. */
  readonly isChanged: boolean;
}

/**
 * The stored ledger; `undefined` before the first list of Mixpanel. One that could not be written completely is
 * deleted.
 */
export async function writeLedger(options: LedgerOptions): Promise<WrittenLedger | undefined> {
  const { sync, store, after, now } = options;
  const newest = newestTarget(after);
  if (newest === undefined) return undefined;
  const id = await store.createLedger(sync);
  try {
    const { states, isOtherList } = await writeAll(new LedgerWriter(store, id, now), newest, options);
    const isChanged = isOtherList || states.removed > 0 || !(await listsTheSame(sync, id, store));
    return { id, states, isChanged };
  } catch (error) {
    // If storage refuses even this, the next run or the next `forget` deletes it.
    await store.commit({ dropOpenLedgers: sync }).catch(() => undefined);
    throw error;
  }
}

async function writeAll(
  writer: LedgerWriter,
  newest: Snapshot<number>,
  options: LedgerOptions,
): Promise<{ states: StateCounts; isOtherList: boolean }> {
  const { store, withoutId } = options;
  const isOtherList = await writeChanges(writer, options);
  if (newest.unmatched > 0) await writeUnmatched(writer, new RunStore(store).readSnapshot(newest));
  await writer.end();
  const counted = (state: 'refused' | 'unproven' | 'waiting') =>
    [false, true].map(leaving => writer.count(partName(state, leaving))) as [number, number];
  const [refused, unproven, waiting] = [counted('refused'), counted('unproven'), counted('waiting')];
  const sum = (index: 0 | 1) => refused[index] + unproven[index] + waiting[index];
  const states = {
    accepted: newest.members - sum(0),
    unmatched: newest.unmatched + withoutId,
    refused: refused[0] + refused[1],
    unproven: unproven[0] + unproven[1],
    waiting: waiting[0] + waiting[1],
    removed: writer.count(partName('removed', false)),
    leaving: sum(1),
  };
  return { states, isOtherList };
}

/** Resolves to whether Mixpanel's newest list has other members than the one before the run. */
async function writeChanges(
  writer: LedgerWriter,
  { store, before, after, isAssumed, notes }: LedgerOptions,
): Promise<boolean> {
  const [former, newest] = [newestTarget(before), newestTarget(after)!];
  const snapshots = [before.known, before.applying?.target, former];
  snapshots.push(after.known, after.applying?.target, newest);
  const runs = [...new Set(snapshots.flatMap(each => (each ? [each.run] : [])))];
  const bitOf = (run: number | undefined) => (run === undefined ? 0 : 1 << runs.indexOf(run));
  const open = [before, after].flatMap(state => [state.unknown, state.applying?.refused ?? []]);
  const standings = [before, after].map((state, index) =>
    standingIn(state, bitOf, 1 << (runs.length + 2 * index), 2 << (runs.length + 2 * index)),
  );
  const [was, is] = standings as [Standing, Standing];
  const [inFormer, inNewest] = [bitOf(former?.run), bitOf(newest.run)];
  const all = (1 << runs.length) - 1;
  let isOtherList = former === undefined;
  // What all snapshots have, Braze accepted, where it has a complete list.
  const passed = after.known === undefined || isAssumed ? undefined : all;
  if (passed !== undefined && runs.length === 1 && open.every(keys => keys.length === 0)) return isOtherList;

  const stored = new RunStore(store);
  const streams = [
    ...runs.map(run => stored.read({ kind: 'run', run })),
    ...open.map(keys => once(runOfKeys(keys).chunk)),
  ];
  const visit = (cursor: RunCursor, presence: number) => {
    const { bytes, start, end } = cursor;
    const wanted = (presence & inNewest) !== 0;
    isOtherList ||= wanted !== ((presence & inFormer) !== 0);
    if (isUnmatched(bytes[start])) return;
    const { held, settled, open } = is(cursor, presence);
    if (open || wanted !== held || (wanted && isAssumed && !settled)) {
      const key = notes.isEmpty ? undefined : cursor.key;
      const note = key === undefined ? undefined : notes.get(key);
      const name = partName(note?.state ?? 'waiting', !wanted);
      writer.add(name, bytes, start, end, note && { ...note, key: key! });
    } else if (!wanted) {
      const former = was(cursor, presence);
      if (former.held || former.open) writer.add(partName('removed', false), bytes, start, end);
    }
  };
  for await (const _ of walkRuns(streams, visit, passed)) await writer.flush();
  return isOtherList;
}

/**
 * Whether Braze has a member, as far as its answers show, whether the target that is being sent says so, and whether
 * the last change of the member is open.
 */
type Standing = (cursor: RunCursor, presence: number) => { held: boolean; settled: boolean; open: boolean };

/**
 * Changes up to the cursor of a target are settled by that target, those after it by the list before.
 *
 * @param unknown bit of the keys that are open in the list before; `refused`: of those of the target
 */
function standingIn(
  { known, applying }: SyncState,
  bitOf: (run: number | undefined) => number,
  unknown: number,
  refused: number,
): Standing {
  const end = applying?.cursor === undefined ? undefined : new TextEncoder().encode(applying.cursor);
  const [inKnown, inTarget] = [bitOf(known?.run), bitOf(applying?.target.run)];
  return ({ bytes, start, end: keyEnd }, presence) => {
    const settled = end !== undefined && compareBytes(bytes, start, keyEnd, end, 0, end.length) <= 0;
    return {
      settled,
      held: (presence & (settled ? inTarget : inKnown)) !== 0,
      open: (presence & (settled ? refused : unknown)) !== 0,
    };
  };
}

async function writeUnmatched(writer: LedgerWriter, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const cursor = new RunCursor(chunks);
  for (;;) {
    if (!cursor.next()) {
      await writer.flush();
      if (!(await cursor.load())) return;
    }
    if (isUnmatched(cursor.bytes[cursor.start]))
      writer.add(partName('unmatched', false), cursor.bytes, cursor.start, cursor.end);
  }
}
