import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { FileSource } from '../sources/file-source.ts';

/** A source with the folder `in/exports` in it, for one test. */
export interface SourceUnderTest {
  /** The files below `in/exports`. */
  readonly source: FileSource;
  /** Writes a file, by its path from the top. */
  put(path: string, text: string): Promise<void> | void;
  remove(path: string): Promise<void> | void;
}

const paths = ['a b+c.avro', 'b/c/1.avro', 'b/c/2.avro', 'd/ü%20&.avro', 'z.avro'];

/** What every source does. @param opened a source without files, whose version of a file changes with its size */
export function itIsASource(opened: () => Promise<SourceUnderTest>): void {
  async function withFiles(): Promise<SourceUnderTest> {
    const under = await opened();
    for (const path of paths) await under.put(`in/exports/${path}`, path);
    return under;
  }
  const pathsOf = async (source: FileSource, after?: string) =>
    (await Array.fromAsync(source.list(after))).map(({ path }) => path);
  const textOf = async (source: FileSource, path: string, from = 0, version?: string) =>
    (await buffer(source.file(path, version).open(from))).toString();

  it('lists all files below it in order, with their sizes', async () => {
    const { source } = await withFiles();
    const files = await Array.fromAsync(source.list());
    expect(files.map(({ path, size }) => [path, size])).toEqual(
      paths.map(path => [path, Buffer.byteLength(path)]),
    );
    for (const { modifiedAt } of files) expect(modifiedAt).toBeGreaterThan(Date.UTC(2020, 0, 1));
  });

  it('leaves out hidden files, and files beside it whose names begin as its own', async () => {
    const { source, put } = await withFiles();
    for (const path of ['in/exports-2/x.avro', 'in/x.avro', 'in/exports/.x', 'in/exports/.y/z.avro'])
      await put(path, 'x');
    expect(await pathsOf(source)).toEqual(paths);
  });

  it('is listed from behind any path', async () => {
    const { source } = await withFiles();
    for (const [index, path] of paths.entries())
      expect(await pathsOf(source, path)).toEqual(paths.slice(index + 1));
    expect(await pathsOf(source, 'b/c/1.gone')).toEqual(paths.slice(2));
    expect(await pathsOf(source, 'b/d')).toEqual(paths.slice(3));
  });

  it('can be left in the middle of a list', async () => {
    const { source } = await withFiles();
    for await (const { path } of source.list()) {
      expect(path).toBe(paths[0]);
      break;
    }
  });

  it('reads a file from any position, the end included', async () => {
    const { source, put } = await withFiles();
    await put('in/exports/empty.avro', '');
    for (const path of paths) expect(await textOf(source, path)).toBe(path);
    expect(await textOf(source, 'z.avro', 2)).toBe('avro');
    expect(await textOf(source, 'z.avro', 6)).toBe('');
    expect(await textOf(source, 'empty.avro')).toBe('');
  });

  it('gives a changed file another version, and does not read it as the one that was listed', async () => {
    const { source, put } = await withFiles();
    const [listed] = await Array.fromAsync(source.list());
    const again = await Array.fromAsync(source.list());
    expect(again[0]?.version).toBe(listed!.version);
    expect(await textOf(source, listed!.path, 0, listed!.version)).toBe(paths[0]);
    await put(`in/exports/${paths[0]}`, 'another text');
    const [changed] = await Array.fromAsync(source.list());
    expect(changed?.version).not.toBe(listed!.version);
    await expect(textOf(source, listed!.path, 0, listed!.version)).rejects.toMatchObject({
      name: 'SourceError',
      code: expect.stringMatching(/^(changed|missing)$/),
      message: expect.stringMatching(/\/a b\+c\.avro was changed or deleted after it was listed/),
    });
    expect(await textOf(source, listed!.path, 0, changed!.version)).toBe('another text');
  });

  it('says which file is gone', async () => {
    const { source, remove } = await withFiles();
    const [listed] = await Array.fromAsync(source.list());
    await remove(`in/exports/${paths[0]}`);
    await expect(textOf(source, paths[0]!)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('/a b+c.avro'),
    });
    await expect(textOf(source, paths[0]!, 0, listed!.version)).rejects.toMatchObject({
      code: expect.stringMatching(/^(changed|missing)$/),
      message: expect.stringContaining('/a b+c.avro'),
    });
  });
}
