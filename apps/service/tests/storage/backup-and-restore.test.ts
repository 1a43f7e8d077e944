import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const run = promisify(execFile);
const page = readFileSync(
  fileURLToPath(new URL('../../../../docs/operate/back-up-and-restore.md', import.meta.url)),
  'utf8',
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Operator {
  readonly url: string;
  backUp(): Promise<void>;
  /** Resolves to the STORAGE_URL of the restored storage. */
  restore(): Promise<string>;
}

/**
 * Two batches are pending at the backup and delivered after it; one arrives and is delivered after it; then
 * the backup is restored.
 */
async function backUpAndRestore({ url, backUp, restore }: Operator): Promise<void> {
  await using mixpanel = await FakeMixpanel.start();
  const environment = { MIXPANEL_API_URL: mixpanel.url, STORAGE_URL: url, DELIVERY_LEASE: '5s' };
  {
    await using service = await RunningService.start(environment);
    mixpanel.behaviour = answers(503);
    await service.post({ events: emails(3) });
    await service.post({ events: emails(2) });
    await service.until(({ delivery }) => delivery?.state === 'retrying');
    await backUp();
    mixpanel.behaviour = accepts;
    await service.settled();
    await service.post({ events: emails(4) });
    await service.settled();
    expect(await service.connection()).toMatchObject({ accepted: 9, imported: 9 });
  }
  const before = mixpanel.stored.length;
  await using restored = await RunningService.start({ ...environment, STORAGE_URL: await restore() });
  const after = await restored.settled();
  expect(after).toMatchObject({ accepted: 5, imported: 5, pending: { events: 0 } });
  expect(mixpanel.stored.length - before).toBe(5);
  expect(mixpanel.unique.size).toBe(9);
}

/** A line of the page, with its names replaced. */
function line(start: string, names: Record<string, string>): string {
  const found = page.split('\n').find(each => each.startsWith(start));
  if (found === undefined) throw new Error(`The page has no line that starts with ${start}`);
  return Object.entries(names).reduce((text, [name, value]) => text.replaceAll(name, value), found);
}

it('a backup of SQLite made while the service ran is sent again where it was pending, and duplicates nothing', async () => {
  const file = join(folder, 'service.db');
  const backup = join(folder, 'backup.db');
  await backUpAndRestore({
    url: `sqlite:${file}`,
    backUp: async () => {
      const command = line('node -e', { 'data/service.db': file, 'backup.db': backup });
      await run('sh', ['-c', `"${process.execPath}" ${command.slice('node'.length)}`]);
    },
    restore: async () => {
      rmSync(`${file}-wal`, { force: true });
      rmSync(`${file}-shm`, { force: true });
      copyFileSync(backup, file);
      return `sqlite:${file}`;
    },
  });
});

describeWithPostgres('a backup of PostgreSQL', () => {
  it('that was made while the service ran is sent again where it was pending, and duplicates nothing', async () => {
    await using server = await startPostgres();
    const database = await server.createDatabase();
    const other = await server.createDatabase();
    const backup = join(folder, 'backup.dump');
    await backUpAndRestore({
      url: database.url,
      backUp: async () => {
        const command = line('pg_dump', { 'backup.dump': backup, $STORAGE_URL: database.url });
        await run('sh', ['-c', command]);
      },
      restore: async () => {
        const command = line('pg_restore', { 'backup.dump': backup, $NEW_STORAGE_URL: other.url });
        await run('sh', ['-c', command]);
        return other.url;
      },
    });
    await database.drop();
    await other.drop();
  }, 60_000);
});
