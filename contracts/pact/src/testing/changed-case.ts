import assert from 'node:assert/strict';
import { join } from 'node:path';
import { committed, readPactFile, writePactFile } from '../pact-file.ts';

/**
 * Writes a copy of a committed contract that has only one case, with a change. A provider that keeps the
 * contract must fail the verification. Resolves to the path of the copy.
 */
export async function changedCase(
  folder: string,
  file: string,
  description: string,
  [from, to]: readonly [from: string, to: string],
): Promise<string> {
  const pact = await readPactFile(committed(file));
  const [found, ...others] = pact.interactions.filter(each => each.description.startsWith(description));
  assert(found && others.length === 0, `${file} must have one case "${description}"`);
  const text = JSON.stringify(found);
  assert(text.includes(from), `"${description}" must hold ${from}`);
  const copy = join(folder, file);
  await writePactFile(copy, { ...pact, interactions: [JSON.parse(text.replace(from, to))] });
  return copy;
}
