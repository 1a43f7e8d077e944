import { mkdir, mkdtempDisposable, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { checkStorage } from './storage-checks.ts';

it('a PostgreSQL that does not answer is a failure, reported without its password', async () => {
  const found = await checkStorage('postgres://user:very-secret-9@127.0.0.1:1/service');
  expect(found).toMatchObject({ result: 'failure', message: expect.stringContaining('127.0.0.1:1/service') });
  expect(JSON.stringify(found)).not.toContain('very-secret-9');
});

it.each([
  ['a folder', async (path: string) => void (await mkdir(path)), 'is a folder, not a file'],
  ['a note', (path: string) => writeFile(path, 'of another program'), 'is no SQLite database'],
])('a SQLite path that is %s is a failure, and stays as it is', async (_, make, message) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'doctor-'));
  const path = join(folder.path, 'service.db');
  await make(path);
  const before = await stat(path);
  expect(await checkStorage(`sqlite:${path}`)).toMatchObject({
    result: 'failure',
    message: expect.stringContaining(message),
  });
  expect((await stat(path)).mode).toBe(before.mode);
  expect(await readdir(folder.path)).toEqual(['service.db']);
});

it('a SQLite path below a file is a failure', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'doctor-'));
  const note = join(folder.path, 'note');
  await writeFile(note, 'of another program');
  expect(await checkStorage(`sqlite:${note}/data/service.db`)).toMatchObject({
    result: 'failure',
    message: expect.stringContaining('cannot be used: a part of the path is a file, not a folder (EEXIST)'),
  });
});

describeWithPostgres('a PostgreSQL that answers', () => {
  it('is left without a table', async () => {
    await using server = await startPostgres();
    const database = await server.createDatabase();
    const look = () => checkStorage(database.url);
    expect(await look()).toMatchObject({
      result: 'ok',
      message: expect.stringContaining('first start creates'),
    });
    expect(await look()).toMatchObject({ message: expect.stringContaining('first start creates') });
  });
});
