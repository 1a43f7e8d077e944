import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Texts of the files of a folder whose names match, as `{ file, text }` in the order of their names. */
export async function textsOf(folder, pattern) {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter(entry => !entry.isDirectory() && pattern.test(entry.name));
  const names = files.map(({ name }) => name).sort();
  return Promise.all(names.map(async file => ({ file, text: await readFile(join(folder, file), 'utf8') })));
}
