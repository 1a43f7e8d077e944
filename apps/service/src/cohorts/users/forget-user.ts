/**
 * The removal of one user from everything that is stored about one sync: snapshots, pages that wait for their
 * group, refused changes, ledgers of runs, and entries of the history with the user's ID. No request goes to Braze: members
 * stay there.
 *
 * A snapshot without the user is written beside the old one, and replaces it in the record in one commit: a
 * crash before that leaves the old one, and a run without a reference.
 */
import {
  keysOfRun,
  newestTarget,
  RunCursor,
  RunWriter,
  runOfKeys,
  runsOf,
  type Snapshot,
  type SyncState,
  snapshotOf,
} from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import { forgetInLedgers } from '../ledger/forget-in-ledgers.ts';
import { digestOf } from '../sources/page.ts';
import { sampleWithout } from '../syncs/read-back-state.ts';
import { RunStore } from '../syncs/run-store.ts';
import { readReport } from '../syncs/stored-documents.ts';
import type { StoredSync } from '../syncs/stored-sync.ts';
import { isKeyOf } from './user-key.ts';

/** Counts of removed data. */
interface ForgottenInCohorts {
  /** Keys in snapshots: a user of a present list and of a waiting one counts twice. */
  members: number;
  pages: number;
  historyEntries: number;
  /** Entries in the ledgers of the newest runs. */
  ledgerEntries: number;
  /** Whether Mixpanel's newest list, or a waiting page of members, had the user. */
  inMixpanel: boolean;
}

type IsTheirs = (key: string) => boolean;

/** Call this while no run of the sync is active. */
export async function forgetUser(
  sync: StoredSync,
  externalId: string,
  store: CohortStore,
): Promise<ForgottenInCohorts> {
  const isTheirs = isKeyOf(externalId);
  const inPages = await forgetInPages(sync.record.id, isTheirs, store);
  const newest = newestTarget(sync.record.state)?.run;
  const written = new Map<number, Without>();
  for (const run of runsOf(sync.record.state)) {
    const without = await runWithout(run, isTheirs, store);
    if (without !== undefined) written.set(run, without);
  }
  const dropHistory = await entriesThatName(sync.record.id, externalId, store);
  await store.commit({ dropOpenLedgers: sync.record.id, erase: true });
  const user = { isTheirs, isNamedIn: (text: string) => names(text, externalId) };
  const inLedgers = await forgetInLedgers(sync.record.id, user, store);
  const { state, problem, readBack } = sync.record;
  const sampled = [...(readBack?.sample ?? []), ...(readBack?.next?.sample ?? [])].map(({ key }) => key);
  const whyNames = names(readBack?.why ?? '', externalId);
  const open = [...state.unknown, ...(state.applying?.refused ?? []), state.applying?.cursor ?? ''];
  const named = whyNames || [...open, ...sampled].some(isTheirs);
  const problemNames = problem !== undefined && names(problem.detail, externalId);
  const isInLedgers = inLedgers.ledgers.drop.length > 0;
  if (written.size > 0 || named || problemNames || dropHistory.length > 0 || isInLedgers)
    await sync.update(
      record => ({
        ...record,
        state: stateWithout(record.state, written, isTheirs),
        readBack: record.readBack && {
          ...sampleWithout(record.readBack, isTheirs),
          why: names(record.readBack.why ?? '', externalId) ? '' : record.readBack.why,
        },
        problem: problemNames && record.problem ? { ...record.problem, detail: '' } : record.problem,
      }),
      { dropHistory, ledgers: inLedgers.ledgers, erase: true },
    );
  const members = [...written.values()].reduce((sum, { removed }) => sum + removed, 0);
  const inMixpanel = inPages.added || (newest !== undefined && written.has(newest));
  return {
    ...{ members, pages: inPages.changed, historyEntries: dropHistory.length },
    ...{ ledgerEntries: inLedgers.entries, inMixpanel },
  };
}

interface Without extends Snapshot<number> {
  readonly removed: number;
}

/** A copy of the run without the user's keys, where it has any. */
async function runWithout(run: number, isTheirs: IsTheirs, store: CohortStore): Promise<Without | undefined> {
  const runs = new RunStore(store);
  let removed = 0;
  for await (const key of keysOfRun(runs.read({ kind: 'run', run }))) if (isTheirs(key)) removed += 1;
  if (removed === 0) return undefined;
  const writer = new RunWriter();
  const { run: rest } = await runs.write(chunksWithout(runs.read({ kind: 'run', run }), isTheirs, writer));
  return { ...snapshotOf(rest, writer.counts), removed };
}

async function* chunksWithout(
  chunks: AsyncIterable<Uint8Array>,
  isTheirs: IsTheirs,
  writer: RunWriter,
): AsyncGenerator<Uint8Array> {
  const cursor = new RunCursor(chunks);
  while (cursor.next() || (await cursor.load())) {
    if (isTheirs(cursor.key)) continue;
    writer.push(cursor.bytes, cursor.start, cursor.end);
    const full = writer.takeFull();
    if (full) yield full;
  }
  const rest = writer.takeRest();
  if (rest) yield rest;
}

/**
 * The state without the user's keys. A cursor that is one of them is reset: changes that are sent again have
 * no effect.
 */
function stateWithout(
  state: SyncState<number>,
  written: ReadonlyMap<number, Without>,
  isTheirs: IsTheirs,
): SyncState<number> {
  const others = (keys: readonly string[]) => keys.filter(key => !isTheirs(key));
  const replaced = (snapshot: Snapshot<number>): Snapshot<number> => {
    const without = written.get(snapshot.run);
    if (without === undefined) return snapshot;
    const { removed: _, ...rest } = without;
    return rest;
  };
  const { known, applying, waiting } = state;
  const cursor = applying?.cursor !== undefined && isTheirs(applying.cursor) ? undefined : applying?.cursor;
  return {
    ...state,
    known: known && replaced(known),
    applying: applying && {
      ...applying,
      target: replaced(applying.target),
      cursor,
      refused: others(applying.refused),
      missing: Math.min(applying.missing ?? 0, others(applying.refused).length),
    },
    waiting: waiting && { ...waiting, target: replaced(waiting.target) },
    unknown: others(state.unknown),
    missing: Math.min(state.missing ?? 0, others(state.unknown).length),
  };
}

async function forgetInPages(
  sync: string,
  isTheirs: IsTheirs,
  store: CohortStore,
): Promise<{ changed: number; added: boolean }> {
  let changed = 0;
  let added = false;
  for (const { id: group, session, action, total } of await store.groups(sync)) {
    for (let after = 0; ; ) {
      const [page] = await store.readPages({ group, after, limit: 1 });
      if (page === undefined) break;
      after = page.page;
      const keys = await Array.fromAsync(keysOfRun(only(page.body)));
      const rest = keys.filter(key => !isTheirs(key));
      if (rest.length === keys.length) continue;
      const { chunk: body } = runOfKeys(rest);
      const digest = digestOf(page.withoutId, body);
      await store.putPage({ ...page, sync, session, action, total, digest, body, erase: true });
      changed += 1;
      added ||= action !== 'remove_members';
    }
  }
  return { changed, added };
}

async function* only(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

/** IDs of history entries that may name the user: a problem's detail is a vendor's text. */
async function entriesThatName(sync: string, externalId: string, store: CohortStore): Promise<number[]> {
  const entries = await store.history({ sync, before: undefined, limit: 1_000 });
  return entries
    .filter(entry => names(readReport(sync, entry).problem?.detail ?? '', externalId))
    .map(({ id }) => id);
}

/** Whether a text contains the ID as a separate word. */
function names(detail: string, externalId: string): boolean {
  const text = detail.toWellFormed();
  const id = externalId.toWellFormed();
  const inside = /[\p{L}\p{N}_-]/u;
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1))
    if (!inside.test(text[at - 1] ?? '') && !inside.test(text[at + id.length] ?? '')) return true;
  return false;
}
