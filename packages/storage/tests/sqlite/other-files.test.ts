import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/open-storage.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'other-files-'));
  await chmod(folder, 0o755);
  file = join(folder, 'service.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Every entry of the folder and the folder itself, with mode and bytes. */
async function everything() {
  const entries = (await readdir(folder)).sort();
  return Promise.all(
    ['.', ...entries].map(async name => {
      const stats = await stat(join(folder, name));
      const bytes = stats.isFile() ? await readFile(join(folder, name), 'latin1') : undefined;
      return { name, mode: (stats.mode & 0o7777).toString(8), bytes };
    }),
  );
}

/** Checks that opening fails with this error and has changed nothing. */
async function expectRefused(code: string, message: RegExp) {
  const before = await everything();
  await expect(openStorage(`sqlite:${file}`)).rejects.toMatchObject({
    ...{ name: 'StorageError', code },
    message: expect.stringMatching(message),
  });
  expect(await everything()).toEqual(before);
}

describe('a SQLite path that is no file is refused, and nothing is changed', () => {
  it('a folder', async () => {
    await mkdir(file, 0o755);
    await expectRefused(
      'unavailable',
      /^Storage .*service\.db is a folder, not a file\. Name a file in STORAGE_URL\.$/,
    );
  });

  it('a pipe', async () => {
    execFileSync('mkfifo', ['-m', '644', file]);
    await expectRefused('unavailable', /is a pipe, not a file/);
  });

  it('a socket', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(file, resolve));
    await chmod(file, 0o755);
    await expectRefused('unavailable', /is a socket, not a file/);
    await new Promise(resolve => server.close(resolve));
  });
});

describe('a file of another program is refused, and nothing is changed', () => {
  it.each([
    ['a note', 'not a database, but long enough to look at'],
    ['one byte', 'x'],
    ['a long text', 'x'.repeat(100_000)],
    ['a disk image, which begins with zeros', Buffer.concat([Buffer.alloc(32_768), Buffer.from('image')])],
    ['a long file of zeros', Buffer.alloc(100_000)],
  ])('%s', async (_, content) => {
    await writeFile(file, content);
    await chmod(file, 0o644);
    await expectRefused('corrupt', /^Storage .*service\.db is no SQLite database\. Name another file/);
  });

  it.each(['DELETE', 'WAL'])('a SQLite database with tables of its own, journal mode %s', async mode => {
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE visit (id INTEGER); INSERT INTO visit VALUES (1)`);
    db.close();
    await chmod(file, 0o644);
    await expectRefused('corrupt', /is a SQLite database of another program/);
  });
});

it('a database of a newer version of the service is refused, and left as it is', async () => {
  await (await openStorage(`sqlite:${file}`)).close();
  const db = new DatabaseSync(file);
  db.exec('INSERT INTO schema_step VALUES (9999, 0)');
  db.close();
  const before = await readFile(file);
  await expect(openStorage(`sqlite:${file}`)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringMatching(/version 9999.*newer/),
  });
  expect(before.equals(await readFile(file))).toBe(true);
});

describe('a file without content becomes the database', () => {
  it.each([
    ['an empty file', ''],
    ['an empty SQLite database', undefined],
  ])('%s', async (_, content) => {
    if (content === undefined) {
      const db = new DatabaseSync(file);
      db.exec('PRAGMA journal_mode = WAL; CREATE TABLE gone (id INTEGER); DROP TABLE gone');
      db.close();
    } else await writeFile(file, content);
    const storage = await openStorage(`sqlite:${file}`);
    expect(await storage.probe()).toEqual({ ok: true });
    await storage.close();
  });

  it('a first page of zeros, as after a power failure, with the log that still holds it', async () => {
    const storage = await openStorage(`sqlite:${file}`);
    const log = await readFile(`${file}-wal`);
    const { size } = await stat(file);
    await storage.close();
    await writeFile(file, Buffer.alloc(size));
    await writeFile(`${file}-wal`, log);
    const again = await openStorage(`sqlite:${file}`);
    expect(await again.probe()).toEqual({ ok: true });
    await again.close();
  });
});

describe('a folder that cannot be created', () => {
  it('below a file: one sentence, and nothing is changed', async () => {
    await writeFile(join(folder, 'note'), 'of another program');
    file = join(folder, 'note', 'deep', 'service.db');
    await expectRefused('unavailable', /a part of the path is a file, not a folder/);
  });

  it('in a deleted working directory: one sentence within seconds, although Node would try for ever', async () => {
    const cwd = join(folder, 'deleted');
    await mkdir(cwd);
    const script = `
      import { rmdirSync } from 'node:fs';
      import { createFile } from ${JSON.stringify(new URL('../../src/sqlite/file/create-file.ts', import.meta.url).href)};
      import { faultOf } from ${JSON.stringify(new URL('../../src/sqlite/file/faults.ts', import.meta.url).href)};
      rmdirSync(process.cwd());
      try { createFile('data/service.db') } catch (error) { console.log(faultOf(error, 'data/service.db').message) }`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--conditions=source', '--input-type=module', '--eval', script],
      { cwd, encoding: 'utf8', timeout: 10_000 },
    );
    expect(stdout).toMatch(/^Storage data\/service\.db cannot be used: it does not exist \(ENOENT\)/);
  });
});
