import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileSource, openSource, SourceError } from '@braze-mixpanel/currents-files';
import { expect, it } from 'vitest';
import { checkCollect } from './collect-checks.ts';

const collect = { source: 's3://bucket/currents', intervalMs: 300_000 };

/** A source whose list or whose files fail. */
const failing = (what: 'list' | 'read', error: Error) => async (): Promise<FileSource> => ({
  address: collect.source,
  async *list() {
    if (what === 'list') throw error;
    yield { path: '1.avro', size: 1, version: '1', modifiedAt: 1 };
  },
  file: path => ({
    path,
    // biome-ignore lint/correctness/useYield: it fails before the first bytes
    async *open() {
      throw error;
    },
  }),
});

it.each([
  ['list', 'refused', 'No permission to list s3://bucket/currents (403). Grant s3:ListBucket.'],
  ['list', 'refused', 'The credentials for s3://bucket/currents are missing, wrong or expired.'],
  ['list', 'missing', 'There is no s3://bucket (404). Check the address.'],
  ['list', 'unavailable', 's3://bucket/currents cannot be listed at present (ENOTFOUND).'],
  ['read', 'refused', 'No permission to read s3://bucket/currents/1.avro (403). Grant s3:GetObject.'],
] as const)(
  'Files that COLLECT cannot %s (%s) are a failure with the sentence: %s',
  async (what, code, message) => {
    const found = await checkCollect({ collect }, failing(what, new SourceError(code, message)));
    expect(found).toMatchObject([{ about: 'Collected files', result: 'failure', message }]);
  },
);

it('A folder of COLLECT is missing, without files, or readable', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'collect-check-'));
  const check = (source: string) => checkCollect({ collect: { source, intervalMs: 1 } }, openSource);
  const missing = join(folder.path, 'nothing');
  expect(await check(missing)).toMatchObject([{ result: 'failure', message: `There is no ${missing}.` }]);
  expect(await check(folder.path)).toMatchObject([
    { result: 'warning', message: `${folder.path} has no files.` },
  ]);
  await writeFile(join(folder.path, '1.avro'), 'bytes');
  expect(await check(folder.path)).toMatchObject([
    { result: 'ok', message: `${folder.path} can be listed and read.` },
  ]);
});

it('Nothing is checked where COLLECT is not set', async () => {
  expect(await checkCollect({ collect: undefined }, openSource)).toEqual([]);
});
