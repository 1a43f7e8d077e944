/**
 * The targets of complete groups of pages.
 *
 * Each group is applied in one transaction: the target's run is named in the record, and the group and its
 * pages are deleted. A crash before that leaves the pages, and a run without a reference; the group is then
 * applied again.
 */
import {
  applyDelta,
  assumeKnown,
  judgeGroup,
  mergeRuns,
  newestTarget,
  offerTarget,
  type RunCounts,
  RunWriter,
  type SyncState,
  snapshotOf,
} from '@braze-mixpanel/core/cohorts';
import type { CohortStore, StoredGroup } from '@braze-mixpanel/storage';
import { type RunSource, RunStore } from '../syncs/run-store.ts';
import type { StoredSync } from '../syncs/stored-sync.ts';
import type { SyncRecord } from '../syncs/sync-record.ts';

/**
 * Applies every complete group, oldest first, and deletes those that began before the newest full list. `now`
 * in milliseconds since 1970.
 */
export async function completeUploads(sync: StoredSync, store: CohortStore, now: number): Promise<void> {
  const { id, fullList: before } = sync.record;
  for (const group of await store.groups(id)) await takeGroup(sync, group, store, now);
  // A full list that was just applied outdates groups that were read before it.
  const { fullList } = sync.record;
  if (fullList === undefined || fullList === before) return;
  const older = (await store.groups(id)).filter(group => group.id < fullList);
  if (older.length > 0)
    await store.commit({ endGroups: older.map(group => ({ group: group.id, digest: undefined })) });
}

async function takeGroup(
  sync: StoredSync,
  group: StoredGroup,
  store: CohortStore,
  now: number,
): Promise<void> {
  const { record } = sync;
  const verdict = judgeGroup(
    { ...group, began: group.id },
    { closedDigest: group.endedDigest, fullListBegan: record.fullList },
  );
  if (verdict === 'incomplete') return;
  const endGroups = [{ group: group.id, digest: verdict === 'outdated' ? undefined : group.digest }];
  // A one-time sync applies one list: pages that are pushed after it has run are acknowledged and deleted.
  if (verdict !== 'apply' || (record.status === 'done' && record.reading === undefined))
    return store.commit({ endGroups });
  const runs = new RunStore(store);
  const list = await mergeRuns(pagesOf(group), runs);
  const { change, intermediate } = await targetOf(record, group, list.run, list.counts, runs);
  const pushedAt = record.source === 'webhook' ? now : record.pushedAt;
  const readAt = record.source === 'webhook' ? now : (record.reading?.at ?? now);
  const profiles = profilesAfter(record.profiles, group);
  await sync.update(before => ({ ...change(before), pushedAt, profiles, readAt }), {
    endGroups,
    dropRuns: intermediate,
  });
}

/** Profiles of the whole list; a difference adds to the known number, or subtracts from it. */
function profilesAfter(before: number | undefined, { action, members }: StoredGroup): number | undefined {
  if (action === 'members' || members === undefined || before === undefined)
    return action === 'members' ? members : undefined;
  return action === 'add_members' ? before + members : Math.max(0, before - members);
}

interface Taken {
  readonly change: (record: SyncRecord) => SyncRecord;
  /** Intermediate runs. */
  readonly intermediate: number[];
}

async function targetOf(
  record: SyncRecord,
  group: StoredGroup,
  list: RunSource,
  counts: RunCounts,
  runs: RunStore,
): Promise<Taken> {
  if (group.action === 'members') {
    const target = snapshotOf(idOf(list), counts);
    const { id: fullList, withoutId } = group;
    const taken = { reading: undefined, fullList, withoutId };
    const change = (now: SyncRecord) => ({ ...now, ...taken, state: offerTarget(now.state, target) });
    return { change, intermediate: [] };
  }
  // An empty difference means no changes: sent with every sync, it is no reason to write the cohort again.
  if (counts.matched + counts.unmatched === 0) return { change: now => now, intermediate: [idOf(list)] };
  const base = newestTarget(record.state);
  const writer = new RunWriter();
  const listed = runs.read(list);
  const chunks = applyDelta(
    runs.readSnapshot(base),
    group.action === 'add_members' ? listed : runs.readSnapshot(undefined),
    group.action === 'remove_members' ? listed : runs.readSnapshot(undefined),
    writer,
  );
  const { run } = await runs.write(chunks);
  const target = snapshotOf(run, writer.counts);
  const held = group.action === 'remove_members' && !base ? snapshotOf(idOf(list), counts) : undefined;
  const before = (state: SyncState) => (held ? assumeKnown(state, held) : state);
  const change = (now: SyncRecord) => ({ ...now, state: offerTarget(before(now.state), target) });
  return { change, intermediate: held ? [] : [idOf(list)] };
}

function* pagesOf({ id, total }: StoredGroup): Generator<RunSource> {
  for (let page = 1; page <= total; page++) yield { kind: 'page', group: id, page };
}

function idOf(source: RunSource): number {
  if (source.kind !== 'run') throw new Error('A merged list is a run');
  return source.run;
}
