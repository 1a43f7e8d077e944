import type { FileSource, SourceFile } from '@braze-mixpanel/currents-files';
import type { CollectedFile } from '@braze-mixpanel/storage';

/** Files that are kept in memory. */
const mostFiles = 10_000;
const filesLookedUp = 200;

type Known = Pick<CollectedFile, 'version' | 'done'>;

/**
 * The files of a source that were not collected, or have changed since, in order of their arrival. Every file
 * of the source is looked at, so late ones in old hours are found.
 *
 * @param known the collected ones of these files, by path
 * @param after only files that arrived behind this one
 * @param most files of the result at most, those that arrived first; `more` says whether there are others
 */
export async function newFiles(
  source: Pick<FileSource, 'list'>,
  known: (paths: string[]) => Promise<ReadonlyMap<string, Known>>,
  after?: SourceFile,
  most = mostFiles,
): Promise<{ files: SourceFile[]; more: boolean }> {
  let files: SourceFile[] = [];
  let more = false;
  const keepFirst = () => {
    files.sort(byArrival);
    more ||= files.length > most;
    files = files.slice(0, most);
  };
  let page: SourceFile[] = [];
  const takePage = async () => {
    const collected = await known(page.map(({ path }) => path));
    for (const file of page) if (!isCollected(collected.get(file.path), file.version)) files.push(file);
    page = [];
    if (files.length >= 2 * most) keepFirst();
  };
  for await (const file of source.list()) {
    if (after !== undefined && byArrival(file, after) <= 0) continue;
    page.push(file);
    if (page.length === filesLookedUp) await takePage();
  }
  if (page.length > 0) await takePage();
  keepFirst();
  return { files, more };
}

const byArrival = (a: SourceFile, b: SourceFile): number =>
  a.modifiedAt - b.modifiedAt || (a.path === b.path ? 0 : a.path < b.path ? -1 : 1);

const isCollected = (file: Known | undefined, version: string): boolean =>
  file?.done === true && file.version === version;
