import { NotRead, type ReadAnalytics } from '../vendor-http/braze-analytics.ts';
import { brazeRoutes } from './braze-answers.ts';
import { type Entry, keyOf, type Listed, needsDetails, withDetails, withNames } from './entry.ts';

/** A limit is used up until a time, in milliseconds since 1970. `reason` is a sentence. */
export interface Wait {
  readonly until: number;
  readonly reason: string;
}

/** How far a read has come, in campaigns and Canvases. */
export interface Progress {
  readonly listed: number;
  /** Of these, those whose details this run reads, and those it has read. */
  readonly due: number;
  readonly read: number;
  /** Of the read ones, those that Braze does not know any more. */
  readonly gone: number;
}

export interface ReadBrazeOptions {
  readonly read: ReadAnalytics;
  /** Entries of former reads by key. The read changes them. */
  readonly entries: Map<string, Entry>;
  /** Stores new and changed entries. */
  readonly store: (entries: readonly Entry[]) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
}

/** Entries on a page of a list. */
const pageSize = 100;
/** Most campaigns and Canvases of a workspace. */
const mostEntries = 20_000;

/**
 * Reads all campaigns and Canvases, archived ones too: names and tags from the lists, the rest from the details of
 * those that need it. Every answer is stored at once, so the next read continues one that ended early. Yields each
 * wait for a limit; the caller continues then.
 *
 * A campaign or Canvas that Braze does not know any more keeps its last entry.
 *
 * @throws NotRead when anything else could not be read: the entries are incomplete
 */
export async function* readBraze(options: ReadBrazeOptions): AsyncGenerator<Wait, void> {
  const { entries, now, onProgress } = options;
  const due: [Entry['kind'], Listed][] = [];
  let count = 0;
  for (const kind of ['campaign', 'canvas'] as const)
    for await (const page of pagesOf(options, kind)) {
      if ('until' in page) {
        yield page;
        continue;
      }
      count += page.length;
      if (count > mostEntries)
        throw new NotRead(
          `Braze has more than ${mostEntries.toLocaleString('en-US')} campaigns and Canvases, too many for lookup tables.`,
        );
      for (const each of page)
        if (needsDetails(entries.get(keyOf({ kind, id: each.id })), each, now())) due.push([kind, each]);
      await put(
        options,
        page.flatMap(each => {
          const known = entries.get(keyOf({ kind, id: each.id }));
          const named = known && withNames(known, each);
          return named === undefined || named === known ? [] : [named];
        }),
      );
    }
  let progress: Progress = { listed: count, due: due.length, read: 0, gone: 0 };
  onProgress(progress);
  for (const [kind, each] of due) {
    const isKnown = yield* readDetails(options, kind, each);
    progress = { ...progress, read: progress.read + 1, gone: progress.gone + (isKnown ? 0 : 1) };
    onProgress(progress);
  }
}

async function* pagesOf({ read }: ReadBrazeOptions, kind: Entry['kind']): AsyncGenerator<Wait | Listed[]> {
  const { list, listAnswer } = brazeRoutes[kind];
  for (let page = 0; ; page += 1) {
    const found = yield* whenAllowed(() => read(list, { page, include_archived: 'true' }, listAnswer));
    yield found;
    if (found.length < pageSize) return;
  }
}

/** Reads and stores the details of one. Returns whether Braze knows it. */
async function* readDetails(
  options: ReadBrazeOptions,
  kind: Entry['kind'],
  listed: Listed,
): AsyncGenerator<Wait, boolean> {
  const { read, entries, now } = options;
  const { details, parameter, detailsAnswer } = brazeRoutes[kind];
  const known = entries.get(keyOf({ kind, id: listed.id }));
  try {
    const found = yield* whenAllowed(() => read(details, { [parameter]: listed.id }, detailsAnswer));
    await put(options, [withDetails(known, listed, { kind, ...found }, now())]);
    return true;
  } catch (error) {
    if (!(error instanceof NotRead && error.isUnknown)) throw error;
    if (known !== undefined) await put(options, [withDetails(known, listed, known, now())]);
    return false;
  }
}

async function* whenAllowed<T>(request: () => Promise<T>): AsyncGenerator<Wait, T> {
  for (;;)
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof NotRead) || error.retryAt === undefined) throw error;
      yield { until: error.retryAt, reason: error.message };
    }
}

async function put({ store, entries }: ReadBrazeOptions, changed: readonly Entry[]): Promise<void> {
  if (changed.length === 0) return;
  await store(changed);
  for (const entry of changed) entries.set(keyOf(entry), entry);
}
