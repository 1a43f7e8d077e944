/**
 * Reads one cohort through the query API, page by page, into a group of pages like those of the webhook.
 *
 * - The session of the first page is stored with the record; pages are stored as they arrive. After any
 *   interruption (a crash, the hour's budget), the read continues with the missing pages.
 * - Every page but the last must be full, and the last must have the rest of the announced total: otherwise
 *   the answer was cut short, and all of it is discarded.
 * - A session that Mixpanel no longer knows is given up, and the cohort is read from the start the next time:
 *   once there are queries for all of its pages, so that the session need not outlive a wait.
 * - The list of cohorts is shared, and only queried where the first page can follow it. An empty cohort
 *   counts only when a list that was queried during the read confirms it.
 */
import { brazeIdProperty, type MatchRule, type QueryRequest } from '@braze-mixpanel/core/cohorts';
import { type EngagePage, queryLimits } from '@braze-mixpanel/core/mixpanel';
import type { CohortStore, NewPage } from '@braze-mixpanel/storage';
import { CohortError, hasCode } from '../cohort-error.ts';
import { readableName } from '../cohort-name.ts';
import type { StoredSync } from '../syncs/stored-sync.ts';
import type { Reading, SyncRecord } from '../syncs/sync-record.ts';
import type { ListedCohorts } from './listed-cohorts.ts';
import { type PagePlace, pageOf, type SourceMember } from './page.ts';
import type { QueryClient } from './query-client.ts';

export interface ReadOptions {
  readonly client: QueryClient;
  readonly listed: ListedCohorts;
  readonly store: CohortStore;
  readonly match: MatchRule;
  readonly now: () => number;
  readonly stop: AbortSignal;
  /** Whether the sync gets a place in the queue where the hour's queries are spent. */
  readonly waits: boolean;
  /** Whether the list of cohorts is queried again, where that delays no other sync. */
  readonly anew?: boolean;
}

/** Pages requested at once; the query client allows no more, for all cohorts of the connection. */
const pagesAtOnce = queryLimits.queriesAtOnce - 1;

/** Resolves when every page is stored. @throws CohortError */
export async function readCohort(sync: StoredSync, options: ReadOptions): Promise<void> {
  try {
    const mark = options.listed.mark();
    const reading = sync.record.reading ?? (await beginReading(sync, mark, options));
    if (reading.total === 0) return await storeEmpty(sync.record, reading, mark, options);
    const missing = await missingPages(sync.record, reading, options.store);
    const fetchers = Array.from({ length: pagesAtOnce }, async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift())
        await fetchPage(sync, reading, number, options);
    });
    const failure = (await Promise.allSettled(fetchers)).find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  } catch (error) {
    if (sync.record.reading !== undefined && endsSession(error)) {
      await abandonReading(sync, options.store);
      await sync.update(record => ({ ...record, lostSessions: (record.lostSessions ?? 0) + 1 }));
    }
    throw error;
  }
}

/** Deletes a read in progress and its pages. */
export async function abandonReading(sync: StoredSync, store: CohortStore): Promise<void> {
  const { id, reading } = sync.record;
  if (reading === undefined) return;
  const groups = (await store.groups(id)).filter(({ session }) => session === groupSession(reading.session));
  const endGroups = groups.map(group => ({ group: group.id, digest: undefined }));
  await sync.update(record => ({ ...record, reading: undefined }), { endGroups });
}

async function beginReading(sync: StoredSync, mark: number, options: ReadOptions): Promise<Reading> {
  const { client, match, stop } = options;
  const { cohort, lostSessions = 0 } = sync.record;
  const at = options.now();
  const { name, count } = await listedCohort(sync.record, mark, options);
  const turn = lostSessions > 0 ? { need: pagesOf(count, queryLimits.pageSize), keeps: true } : {};
  const request = { cohort, properties: propertiesOf(match), page: 0 };
  const first = await client.page(request, stop, { ...turn, ...turnOf(sync.record, options) });
  const reading: Reading = {
    session: first.session_id,
    pageSize: first.page_size,
    total: first.total,
    pages: pagesOf(first.total, first.page_size),
    at,
  };
  const page = checkedPage(sync, reading, 0, first, options);
  await sync.update(record => ({ ...record, name: readableName(name), reading }));
  if (reading.total > 0) await options.store.putPage(page);
  return reading;
}

/** The cohort in the kept list, or in a present one: the kept list lacks a cohort that was created since. */
async function listedCohort(record: SyncRecord, mark: number, options: ReadOptions) {
  const { listed, stop } = options;
  // A query for the list alone is of no use, and it is no page: the sync keeps its place in the queue.
  const turn = { ...turnOf(record, options), need: 2, keeps: true };
  if (options.anew) await listed.get(stop, { need: turn.need }, mark).catch(unlessThrottled);
  for (const behind of [undefined, mark]) {
    const found = (await listed.get(stop, turn, behind)).find(({ id }) => id === record.cohort);
    if (found) return found;
  }
  throw new CohortError('cohort_deleted', `cohort ${record.cohort}`);
}

/**
 * Stores an empty cohort. @throws CohortError where a list that was queried during this call counts members
 */
async function storeEmpty(
  record: SyncRecord,
  reading: Reading,
  mark: number,
  options: ReadOptions,
): Promise<void> {
  const { listed, stop, store, match, now } = options;
  const list = await listed.get(stop, turnOf(record, options), mark);
  const count = list.find(({ id }) => id === record.cohort)?.count ?? 0;
  if (count > 0) throw cutShort(`the list is empty, but the listed size of the cohort is ${count}`);
  await store.putPage(pageOf({ ...placeOf(record, reading), page: 1, at: now() }, [], match, () => {}));
}

/** Pages up to and including the first that is not full. */
const pagesOf = (members: number, pageSize: number): number => Math.floor(members / pageSize) + 1;

const turnOf = ({ id }: SyncRecord, { waits }: ReadOptions): QueryRequest => (waits ? { sync: id } : {});

function unlessThrottled(error: unknown): void {
  if (!hasCode(error, 'mixpanel_query_throttled')) throw error;
}

async function fetchPage(
  sync: StoredSync,
  reading: Reading,
  number: number,
  options: ReadOptions,
): Promise<void> {
  const { client, match, stop, store } = options;
  const properties = propertiesOf(match);
  const { record } = sync;
  const request = { cohort: record.cohort, properties, page: number, session: reading.session };
  const turn = turnOf(record, options);
  // Only the compact page waits for the disk: the answer is freed by then.
  await store.putPage(checkedPage(sync, reading, number, await client.page(request, stop, turn), options));
}

/** @throws CohortError where the page belongs to another session, or is not as full as announced */
function checkedPage(
  sync: StoredSync,
  reading: Reading,
  number: number,
  { page, results, session_id, total: announced }: EngagePage,
  { match, now }: ReadOptions,
): NewPage {
  const { session, total, pageSize, pages } = reading;
  if (session_id !== session || announced !== total)
    throw cutShort(
      `page ${number} belongs to another list: session ${session_id} (size ${announced}) instead of ${session} (size ${total})`,
    );
  const expected = number === pages - 1 ? total - number * pageSize : pageSize;
  if (page !== number) throw cutShort(`page ${number} was requested, page ${page} came`);
  if (results.length !== expected)
    throw cutShort(`page ${number} holds ${results.length} instead of ${expected} of the ${total} announced`);
  const place = { ...placeOf(sync.record, reading), page: number + 1, at: now() };
  return pageOf(place, membersOf(results), match, id => sync.notePlaceholder(id));
}

function placeOf({ id }: SyncRecord, { session, pages }: Reading): Omit<PagePlace, 'page' | 'at'> {
  return { sync: id, session: groupSession(session), total: pages, action: 'members' };
}

function* membersOf(results: EngagePage['results']): Generator<SourceMember> {
  for (const { $distinct_id: distinctId, $properties: properties = {} } of results)
    yield { distinctId, properties };
}

async function missingPages(record: SyncRecord, reading: Reading, store: CohortStore): Promise<number[]> {
  const group = (await store.groups(record.id)).find(
    ({ session }) => session === groupSession(reading.session),
  );
  const seen = new Set<number>();
  for (let after = 0; group !== undefined; ) {
    const pages = await store.readPages({ group: group.id, after, limit: 50 });
    for (const { page } of pages) seen.add(page - 1);
    if (pages.length < 50) break;
    after = pages.at(-1)!.page;
  }
  return Array.from({ length: reading.pages }, (_, number) => number).filter(number => !seen.has(number));
}

/** Profile properties that the rule needs. */
export function propertiesOf(match: MatchRule): string[] {
  if (match.by === 'property') return [match.property];
  return match.by === 'default' ? [brazeIdProperty] : [];
}

/** The group of a session, distinct from the sessions of the webhook. */
const groupSession = (session: string): string => `query ${session}`;

const cutShort = (detail: string) => new CohortError('mixpanel_answer_cut_short', detail);

/** Whether the session is unusable from now on: its answers are wrong, or Mixpanel refuses it. */
const endsSession = (error: unknown): boolean =>
  hasCode(error, 'mixpanel_answer_cut_short', 'mixpanel_session_lost');
