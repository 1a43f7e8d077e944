/**
 * Reads one cohort through the query API, page by page, into a group of pages as the webhook's are gathered.
 *
 * - The session of the first page is stored with the record; pages are stored as they come. Whatever interrupts the reading (a
 *   crash, the hour's budget), it goes on with the pages that are missing.
 * - Every page but the last must be full, and the last must hold what is left of the announced total: else the answer was
 *   cut short, and all of it is thrown away.
 * - A session that Mixpanel no longer knows is given up, and the cohort is read from the start the next time.
 */
import { brazeIdProperty, type MatchRule } from '@braze-mixpanel/core/cohorts';
import { type EngagePage, queryLimits } from '@braze-mixpanel/core/mixpanel';
import type { CohortStore, NewPage } from '../storage/cohort-types.ts';
import { readableName } from './cohort-name.ts';
import { CohortError } from './errors.ts';
import { pageOf, type SourceMember } from './page.ts';
import type { QueryClient } from './query-client.ts';
import type { Reading, SyncRecord } from './record.ts';
import type { StoredSync } from './stored-sync.ts';

export interface ReadOptions {
  readonly client: QueryClient;
  readonly store: CohortStore;
  readonly match: MatchRule;
  readonly stop: AbortSignal;
}

/** Pages that are asked for at once; the query client lets no more through, for all cohorts of the connection. */
const pagesAtOnce = queryLimits.queriesAtOnce - 1;

/** Resolves when every page is stored. @throws CohortError */
export async function readCohort(sync: StoredSync, options: ReadOptions): Promise<void> {
  try {
    const reading = sync.record.reading ?? (await beginReading(sync, options));
    const missing = await missingPages(sync.record, reading, options.store);
    const fetchers = Array.from({ length: pagesAtOnce }, async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift())
        await fetchPage(sync.record, reading, number, options);
    });
    const failure = (await Promise.allSettled(fetchers)).find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  } catch (error) {
    if (endsSession(error)) await abandonReading(sync, options.store);
    throw error;
  }
}

/** Forgets a reading and its pages. */
export async function abandonReading(sync: StoredSync, store: CohortStore): Promise<void> {
  const { id, reading } = sync.record;
  if (reading === undefined) return;
  const groups = (await store.groups(id)).filter(({ session }) => session === groupSession(reading.session));
  const endGroups = groups.map(group => ({ group: group.id, digest: undefined }));
  await sync.update(record => ({ ...record, reading: undefined }), { endGroups });
}

async function beginReading(sync: StoredSync, options: ReadOptions): Promise<Reading> {
  const { client, match, stop } = options;
  const { cohort } = sync.record;
  const listed = (await client.list(stop)).find(({ id }) => id === cohort);
  if (!listed) throw new CohortError({ code: 'cohort_deleted', detail: `cohort ${cohort}` });
  const first = await client.page({ cohort, properties: propertiesOf(match), page: 0 }, stop);
  if (first.total === 0 && listed.count > 0)
    throw new CohortError({
      code: 'mixpanel_answer_cut_short',
      detail: `an empty list came of a cohort whose listed size is ${listed.count}`,
    });
  const reading: Reading = {
    session: first.session_id,
    pageSize: first.page_size,
    total: first.total,
    pages: Math.floor(first.total / first.page_size) + 1,
  };
  await sync.update(record => ({ ...record, name: readableName(listed.name), reading }));
  await options.store.putPage(checkedPage(sync.record, reading, 0, first, match));
  return reading;
}

async function fetchPage(
  record: SyncRecord,
  reading: Reading,
  number: number,
  { client, match, stop, store }: ReadOptions,
): Promise<void> {
  const properties = propertiesOf(match);
  const request = { cohort: record.cohort, properties, page: number, session: reading.session };
  // What waits for the disk is the compact page: the answer it was made of is free by then.
  await store.putPage(checkedPage(record, reading, number, await client.page(request, stop), match));
}

/** @throws CohortError where the page belongs to another session, or is not as full as it was announced to be */
function checkedPage(
  record: SyncRecord,
  { session, total, pageSize, pages }: Reading,
  number: number,
  { page, results, session_id, total: announced }: EngagePage,
  match: MatchRule,
): NewPage {
  if (session_id !== session || announced !== total)
    throw new CohortError({
      code: 'mixpanel_answer_cut_short',
      detail: `page ${number} belongs to another list: session ${session_id} (size ${announced}) instead of ${session} (size ${total})`,
    });
  const expected = number === pages - 1 ? total - number * pageSize : pageSize;
  if (page !== number)
    throw new CohortError({
      code: 'mixpanel_answer_cut_short',
      detail: `page ${number} was asked for, page ${page} came`,
    });
  if (results.length !== expected)
    throw new CohortError({
      code: 'mixpanel_answer_cut_short',
      detail: `page ${number} holds ${results.length} instead of ${expected} of the ${total} announced`,
    });
  const place = { sync: record.id, session: groupSession(session), page: number + 1, total: pages };
  return pageOf({ ...place, action: 'members' }, membersOf(results), match);
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

/** Profile properties that the rule looks at. */
export function propertiesOf(match: MatchRule): string[] {
  if (match.by === 'property') return [match.property];
  return match.by === 'default' ? [brazeIdProperty] : [];
}

/** Kept apart from the sessions of the webhook. */
const groupSession = (session: string): string => `query ${session}`;

/** The session is of no use any more: its answers are wrong, or Mixpanel does not take it. */
function endsSession(error: unknown): boolean {
  return (
    error instanceof CohortError &&
    (error.code === 'mixpanel_answer_cut_short' || error.code === 'mixpanel_query_refused')
  );
}
