import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStorage } from '../../src/open-storage.ts';
import { closeFilesToOthers, closeFolderToOthers } from '../../src/sqlite/file/private-files.ts';
import { batchOf, wholeQueue } from '../../src/testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../src/testing/sqlite-harness.ts';

/** Another process that opens the file, appends without end and prints how many were acknowledged. */
const appender = (file: string) => `
  import { openStorage } from ${JSON.stringify(new URL('../../src/open-storage.ts', import.meta.url).href)};
  const storage = await openStorage(${JSON.stringify(`sqlite:${file}`)});
  for (let acknowledged = 1; ; acknowledged++) {
    const batch = { connection: 'default', receivedAt: 1, events: 1, body: new Uint8Array(5_000), profile: '{}' };
    await storage.journal.append(batch);
    process.stdout.write(acknowledged + '\\n');
  }`;

describe('one process owns the file', () => {
  let harness: SqliteHarness;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    harness = await sqliteHarness();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await harness.dispose();
  });

  const startAppender = async (acknowledgements: number) => {
    const script = join(dirname(harness.file), 'appender.mjs');
    await writeFile(script, appender(harness.file));
    child = spawn(process.execPath, ['--conditions=source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const acknowledged = () => Number(printed.split('\n').at(-2) ?? 0);
    await expect.poll(acknowledged, { timeout: 15_000 }).toBeGreaterThanOrEqual(acknowledgements);
    return { process: child, acknowledged };
  };

  it('refuses a second process with a sentence that names the first', async () => {
    const first = await startAppender(1);
    await expect(harness.open()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'locked',
      message: expect.stringMatching(
        new RegExp(`in use by another process \\(process ${first.process.pid} on .*Stop that one`),
      ),
    });
  });

  it('opens at once after SIGKILL of the first, with every acknowledged batch', async () => {
    const first = await startAppender(20);
    first.process.kill('SIGKILL');
    await once(first.process, 'close');

    const storage = await harness.open();
    const counts = (await storage.journal.counts()).default!;
    expect(counts.accepted).toBeGreaterThanOrEqual(first.acknowledged());
    expect(counts.pendingBatches).toBe(counts.accepted);
    await storage.close();
  });

  it('meets the same lock under another name of the file, and frees it by closing', async () => {
    const alias = join(dirname(harness.file), 'alias.db');
    const storage = await harness.open();
    await symlink(harness.file, alias);
    await expect(openStorage(`sqlite:${alias}`)).rejects.toMatchObject({ code: 'locked' });
    await storage.close();
    await (await openStorage(`sqlite:${alias}`)).close();
  });

  it('lets other programs read while it runs', async () => {
    const storage = await harness.open();
    await storage.journal.append(batchOf('a'));
    const reader = new DatabaseSync(harness.file, { readOnly: true });
    expect(reader.prepare('SELECT count(*) AS batches FROM batch').get()).toEqual({ batches: 1 });
    reader.close();
    await storage.close();
  });

  it('makes folders and files for its own user alone', async () => {
    const file = join(dirname(harness.file), 'deep', 'er', 'service.db');
    const storage = await openStorage(`sqlite:${file}`);
    await storage.journal.append(batchOf('a'));
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(dirname(file))).toBe('700');
    for (const suffix of ['', '-wal', '-shm', '.lock']) expect(await mode(file + suffix)).toBe('600');
    await storage.close();
  });

  const mode = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

  it('closes an existing folder and files that are open to others', async () => {
    await (await harness.open()).close();
    const folder = dirname(harness.file);
    await chmod(folder, 0o777);
    await writeFile(`${harness.file}-wal`, '');
    for (const suffix of ['', '-wal', '.lock']) await chmod(harness.file + suffix, 0o664);
    const storage = await harness.open();
    await storage.journal.append(batchOf('a'));
    expect(await mode(folder)).toBe('700');
    for (const suffix of ['', '-wal', '-shm', '.lock']) expect(await mode(harness.file + suffix)).toBe('600');
    await storage.close();
  });

  it('only stops every user from writing where the folder holds other things, and leaves a folder such as /tmp as it is', async () => {
    const folder = dirname(harness.file);
    await writeFile(join(folder, 'notes.txt'), 'not ours to hide');
    for (const [before, after] of [
      [0o777, '775'],
      [0o750, '750'],
      [0o1777, '1777'],
    ] as const) {
      await chmod(folder, before);
      await (await harness.open()).close();
      expect(await mode(folder)).toBe(after);
    }
  });

  it('refuses what is open to others and belongs to another user, with a sentence', async () => {
    await (await harness.open()).close();
    const folder = dirname(harness.file);
    await chmod(folder, 0o755);
    await chmod(harness.file, 0o644);
    const uid = process.getuid!();
    const stranger = vi.spyOn(process, 'getuid').mockReturnValue(uid + 1);
    expect(() => closeFilesToOthers(harness.file)).toThrow(/is open to other users \(mode 644\)/);
    expect(() => closeFolderToOthers(harness.file)).not.toThrow();
    await chmod(folder, 0o777);
    expect(() => closeFolderToOthers(harness.file)).toThrow(/Name a folder inside of it/);
    stranger.mockRestore();
  });
});

describe('a link in the data folder', () => {
  let harness: SqliteHarness;
  beforeEach(async () => {
    harness = await sqliteHarness();
  });
  afterEach(() => harness.dispose());
  const mode = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

  it.each(['.lock', '-wal', '-shm', '-journal', '-hand', '-spare'])(
    'in the place of %s is refused, and the file it points to keeps its mode',
    async suffix => {
      const victim = join(dirname(harness.file), 'victim');
      await writeFile(victim, 'of another program');
      await chmod(victim, 0o644);
      await symlink(victim, harness.file + suffix);
      await expect(harness.open()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/is a symbolic link.*delete it/),
      });
      expect(await mode(victim)).toBe('644');
    },
  );

  it('or a pipe in the place of the lock is refused, and not waited for', async () => {
    execFileSync('mkfifo', [`${harness.file}.lock`]);
    await expect(harness.open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/is a pipe.*delete it/),
    });
  });

  it('that leads nowhere is refused too, and nothing is made where it points', async () => {
    const elsewhere = join(dirname(harness.file), 'elsewhere');
    await symlink(elsewhere, `${harness.file}.lock`);
    await expect(harness.open()).rejects.toThrow('is a symbolic link');
    await expect(stat(elsewhere)).rejects.toThrow('ENOENT');
  });

  it('in the place of the database is followed, and its own folder is closed to others too', async () => {
    const folder = join(dirname(harness.file), 'links');
    await mkdir(folder);
    await chmod(folder, 0o777);
    await symlink(harness.file, join(folder, 'service.db'));
    await (await openStorage(`sqlite:${join(folder, 'service.db')}`)).close();
    expect(await mode(folder)).toBe('700');
    expect(await mode(dirname(harness.file))).toBe('700');
  });
});

describe('a damaged lock file', () => {
  it.each(['no database, but long enough to look at', 'x'.repeat(10_000)])(
    'is named as such: it may be deleted, and the database is left alone',
    async text => {
      const harness = await sqliteHarness();
      const storage = await harness.open();
      await storage.journal.append(batchOf('kept'));
      await storage.close();
      await writeFile(`${harness.file}.lock`, text);
      const refused = await harness.open().catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/The lock file .*\.lock is damaged.*delete the lock file alone/),
      });
      expect((refused as Error).message).not.toMatch(/[Rr]estore/);
      await rm(`${harness.file}.lock`);
      const again = await harness.open();
      expect((await again.journal.counts()).default).toMatchObject({ pendingBatches: 1 });
      await again.close();
      await harness.dispose();
    },
  );
});

describe('the storage thread', () => {
  it('that dies rejects what waited, says so, and is started again by the calls that need it', async () => {
    const harness = await sqliteHarness();
    const storage = await harness.open();
    await storage.journal.append(batchOf('kept'));
    await storage.journal.lease(wholeQueue);

    const cut = harness.cut();
    const waiting = storage.journal.append(batchOf('lost')).catch((error: unknown) => error);
    await cut;
    expect(await waiting).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ended by itself'),
    });
    expect(await storage.probe()).toEqual({ ok: false, reason: expect.stringContaining('ended by itself') });

    await expect.poll(() => storage.probe(), { timeout: 10_000 }).toEqual({ ok: true });
    const [kept] = await storage.journal.lease({ ...wholeQueue, alone: true });
    expect(kept).toMatchObject({ attempts: 0 });
    await storage.close();
    await harness.dispose();
  });
});
