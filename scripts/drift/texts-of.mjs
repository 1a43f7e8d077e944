import { opendir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Texts of the files of a folder whose names match, as `{ file, text }` in the order of their paths; with
 * `recursive`, of all folders in it too. Rejects if the folder can't be read or has more entries than
 * `mostEntries`, so that a wrong folder ends with a sentence.
 */
export async function textsOf(folder, pattern, { recursive = false, mostEntries = 10_000 } = {}) {
  const paths = [];
  let entries = 0;
  for await (const entry of await opendir(folder, { recursive })) {
    if (++entries > mostEntries)
      throw new Error(`it has more than ${mostEntries.toLocaleString('en')} entries`);
    if (!entry.isDirectory() && pattern.test(entry.name))
      paths.push(relative(folder, join(entry.parentPath, entry.name)));
  }
  const files = paths.sort();
  return Promise.all(files.map(async file => ({ file, text: await readFile(join(folder, file), 'utf8') })));
}
