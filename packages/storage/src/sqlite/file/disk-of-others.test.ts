import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../open-storage.ts';
import type { Storage } from '../../ports/index.ts';
import { cuttable } from '../../testing/cuttable.ts';
import { batchOf, imported, wholeQueue } from '../../testing/samples.ts';
import { SpareFile } from './spare-file.ts';

const megabyte = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
const isMounted = mounts(folder);
if (!isMounted) console.warn('Not run: a disk that others filled: this user may not mount a file system.');
afterAll(() => {
  if (isMounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

function mounts(at: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(isMounted)('a disk that others filled to the last byte', () => {
  const file = join(folder, 'service.db');
  let storage: Storage;
  const { spawn, cut } = cuttable();
  const open = () => openStorage(`sqlite:${file}`, { spawn });
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  const fill = () => {
    for (let bytes = megabyte; bytes > 0; ) {
      try {
        appendFileSync(join(folder, 'of-others'), new Uint8Array(bytes));
      } catch {
        bytes = Math.floor(bytes / 2);
      }
    }
    expect(freeBytes()).toBeLessThan(4_096);
  };
  const page = (session: string) =>
    storage.cohorts.putPage({
      ...{
        sync: 'default:1',
        session,
        action: 'members',
        page: 1,
        total: 2,
        digest: 'd',
        withoutId: 0,
        members: 0,
      },
      ...{ body: new Uint8Array(500_000), at: 1 },
    });

  beforeEach(async () => {
    storage = await open();
    for (let n = 0; n < 20; n++) await storage.journal.append(batchOf('x'.repeat(100_000)));
    await expect(
      (async () => {
        for (let n = 0; n < 200; n++) await page(`s${n}`);
      })(),
    ).rejects.toMatchObject({ code: 'full' });
  });
  afterEach(async () => {
    await storage.close();
    execFileSync('find', [folder, '-mindepth', '1', '-delete']);
  });

  it('was not filled by pages of cohorts: they leave the reserve alone, and room for events before it', async () => {
    expect(freeBytes()).toBeGreaterThan(70 * megabyte);
    for (let n = 0; n < 100; n++) await storage.journal.append(batchOf('x'.repeat(100_000)));
  });

  it.each([
    ['was killed', cut],
    ['was stopped', async () => undefined],
  ])('does not keep a service that %s from starting, cleaning up and delivering', async (_, end) => {
    await end();
    await storage.close();
    fill();
    storage = await open();
    expect(await storage.probe()).toMatchObject({ ok: false });
    for (let row = 0; row < 20; row++) {
      const [leased] = await storage.journal.lease({ ...wholeQueue, maxRows: 1 });
      expect(await storage.journal.complete('deliverer-1', [imported(leased!)])).toEqual([leased!.id]);
    }
    expect((await storage.sweep({ cohortPagesBefore: 2 })).cohortPages).toBeGreaterThan(10);
    expect((await storage.journal.counts()).default).toMatchObject({ imported: 20, pending: 0 });
  });

  it('does not end the deliveries of a service that runs', async () => {
    fill();
    for (let row = 0; row < 20; row++) {
      const [leased] = await storage.journal.lease({ ...wholeQueue, maxRows: 1 });
      expect(await storage.journal.complete('deliverer-1', [imported(leased!)])).toEqual([leased!.id]);
    }
  });
});

describe('the spare of a database', () => {
  const path = join(folder, 'spare.db');
  it('is put aside once, given to the disk once, and put aside again', () => {
    const spare = new SpareFile(path, 0);
    expect(spare.release()).toBe(false);
    spare.keep();
    spare.keep();
    expect([spare.release(), spare.release()]).toEqual([true, false]);
    spare.keep();
    expect(spare.release()).toBe(true);
  });

  it('takes nothing of the reserve', () => {
    new SpareFile(path, Number.MAX_SAFE_INTEGER).keep();
    expect(existsSync(`${path}-spare`)).toBe(false);
  });

  it('is none for a database in memory', () => {
    const spare = new SpareFile(':memory:', 0);
    spare.keep();
    expect(spare.release()).toBe(false);
  });
});
