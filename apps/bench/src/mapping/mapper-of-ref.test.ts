import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mapperOfRef } from './mapper-of-ref.ts';

let folder = '';
let repository = '';
const git = (...parameters: string[]) =>
  promisify(execFile)('git', [
    ...['-C', repository, '-c', 'user.name=Test', '-c', 'user.email=test@example.com'],
    ...parameters,
  ]);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapper-of-ref-'));
  repository = await mkdtemp(join(tmpdir(), 'repository-'));
  await git('init', '--quiet');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(repository, { recursive: true });
});

/** Loads the mapper of a new commit with one file. */
async function mapperOf(text: string, file = 'packages/core/src/mapping/index.ts') {
  await mkdir(dirname(join(repository, file)), { recursive: true });
  await writeFile(join(repository, file), text);
  await git('add', '.');
  await git('commit', '--quiet', '--no-gpg-sign', '-m', 'A mapper');
  return await mapperOfRef('HEAD', repository, folder);
}

it('the mapper of a commit is loaded from its sources', async () => {
  const { commit, map } = await mapperOf(
    `export const mapEvent = (event: unknown) => ({ outcome: 'mapped', json: JSON.stringify(event) });`,
  );
  expect(commit).toMatch(/^[0-9a-f]{4,40}$/);
  expect(map(5, {} as never, 0)).toEqual({ outcome: 'mapped', json: '5' });
});

it.each(['no-such-branch', '--all', ''])('an unknown commit is refused: "%s"', async ref => {
  await expect(mapperOfRef(ref, repository, folder)).rejects.toThrow(
    `git finds no commit "${ref}". Give a commit, tag or branch of this clone`,
  );
});

it.each([
  ['a commit without the package', 'text', 'README.md', /has no packages\/core\./],
  [
    'a commit without the mapping',
    'text',
    'packages/core/README.md',
    /has no packages\/core\/src\/mapping\/index\.ts\./,
  ],
  ['a mapper that does not start', `throw new Error('broken')`, undefined, /: broken\. Give a later commit/],
  ['a module without the mapping function', 'export const map = 1;', undefined, /exports no mapEvent/],
  [
    'a mapper that skips a sample event',
    `export const mapEvent = () => ({ outcome: 'skipped' });`,
    undefined,
    /does not map a sample event: skipped\./,
  ],
])('%s is refused', async (_, text, file, message) => {
  await expect(mapperOf(text, file)).rejects.toThrow(message);
});
