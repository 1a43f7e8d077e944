import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSource, parseSourceAddress } from './open-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-'));
  await mkdir(join(folder, 'b', 'c'), { recursive: true });
  for (const [path, text] of [
    ['z.avro', 'zz'],
    ['b/c/2.avro', '0123456789'],
    ['b/c/1.avro', ''],
    ['a.avro', 'a'],
    ['.hidden', 'x'],
  ] as const)
    await writeFile(join(folder, path), text);
  await symlink(folder, join(folder, 'b', 'loop'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a folder of files', () => {
  it('is listed with the folders in it, in order, without hidden files and links', async () => {
    for (const address of [folder, `${folder}/`, pathToFileURL(folder).href]) {
      const source = await openSource(address);
      expect(source.address).toBe(folder);
      const files = await Array.fromAsync(source.list());
      expect(files.map(({ path, size }) => [path, size])).toEqual([
        ['a.avro', 1],
        ['b/c/1.avro', 0],
        ['b/c/2.avro', 10],
        ['z.avro', 2],
      ]);
    }
  });

  it.each([
    ['', ['a.avro', 'b/c/1.avro', 'b/c/2.avro', 'z.avro']],
    ['a.avro', ['b/c/1.avro', 'b/c/2.avro', 'z.avro']],
    ['b', ['b/c/1.avro', 'b/c/2.avro', 'z.avro']],
    ['b/c/1.avro', ['b/c/2.avro', 'z.avro']],
    ['b/c/1.gone', ['b/c/2.avro', 'z.avro']],
    ['b/d', ['z.avro']],
    ['z.avro', []],
  ])('is listed from behind the path %j', async (after, expected) => {
    const files = await Array.fromAsync((await openSource(folder)).list(after));
    expect(files.map(({ path }) => path)).toEqual(expected);
  });

  it('gives a changed file another version', async () => {
    const source = await openSource(folder);
    const versionOf = async () => (await Array.fromAsync(source.list()))[0]!.version;
    const before = await versionOf();
    expect(await versionOf()).toBe(before);
    await writeFile(join(folder, 'a.avro'), 'ab');
    expect(await versionOf()).not.toBe(before);
  });

  it('is read from any position', async () => {
    const file = (await openSource(folder)).file('b/c/2.avro');
    expect((await buffer(file.open(0))).toString()).toBe('0123456789');
    expect((await buffer(file.open(7))).toString()).toBe('789');
    expect((await buffer(file.open(10))).toString()).toBe('');
  });

  it.each([
    ['nothing', 'missing', /^There is no .*nothing\.$/],
    [
      'b/c/2.avro',
      'invalid',
      /^(\S+\/b\/c)\/2\.avro is a file, and files are read by folder\. Give its folder, \1\.$/,
    ],
    ['z.avro/below', 'invalid', /z\.avro\/below is not a folder\.$/],
  ])('refuses %s with a sentence', async (path, code, message) => {
    const source = await openSource(join(folder, path));
    await expect(Array.fromAsync(source.list())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a file that is gone with a sentence', async () => {
    const source = await openSource(folder);
    await expect(buffer(source.file('gone.avro').open(0))).rejects.toMatchObject({ code: 'missing' });
  });

  it.each(['', 'ftp://host/folder', 'file://host/folder'])('refuses the address %j', async address => {
    await expect(openSource(address)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('repeats no file: address that may hold a password', () => {
    expect(() => parseSourceAddress('file://user:secret@exports')).toThrow(/^The file: address is not that/);
  });

  it.each([
    ['file://exports', resolve('exports')],
    ['file://exports/2026', resolve('exports/2026')],
    ['file://./My%20Exports', resolve('My%20Exports')],
  ])('names the form of %j that has a path', (address, path) => {
    expect(() => parseSourceAddress(address)).toThrow(
      `The file: address names a host where its path should begin. Write file://${path} (three slashes), or the path itself.`,
    );
  });
});
