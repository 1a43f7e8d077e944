import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import { describe, expect, it } from 'vitest';
import { forget as takeOut } from '../../src/privacy/forget.ts';
import { batchOf } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { eventOf, others, theirs } from '../../src/testing/privacy-test.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

describe('the removal of a user from a batch in delivery', () => {
  const lease = {
    connection: 'default',
    owner: 'x',
    leaseMs: 60_000,
    maxRows: 9,
    maxEvents: 9,
    maxBytes: 1e6,
    now: 0,
  };
  const none = {
    syncs: 0,
    members: 0,
    pages: 0,
    historyEntries: 0,
    ledgerEntries: 0,
    stillInMixpanel: [],
    later: [],
  };

  it('waits for the batch, and is incomplete if that takes too long', async () => {
    await using storage = await openedStorage();
    const { journal, deadLetters } = storage;
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs), eventOf(others))));
    await journal.append({ connection: 'default', receivedAt: 0, events: 2, profile: '{}', body });
    const [row] = await journal.lease(lease);
    let clock = 0;
    const options = {
      ...{
        journal,
        deadLetters,
        storage,
        cohorts: { forget: async () => none },
        ids: { removeForgotten: async () => undefined },
        tombstones: { receiptNumber: async () => 'a1'.repeat(16), add: async () => undefined },
        brazeUsers: { forget: async () => 0 },
      },
      timeoutMs: 1_000,
      onFailure: () => undefined,
      // Time passes with every look at the clock.
      monotonic: () => (clock += 400),
    };
    expect(await takeOut(theirs, options)).toMatchObject({
      ...{ pending: 0, stillBeingDelivered: 1, complete: false },
    });
    const waiting = takeOut(theirs, { ...options, timeoutMs: 1_000_000 });
    await journal.release('x', [row!.id], { delayMs: 0, attempt: false });
    expect(await waiting).toMatchObject({ pending: 1, stillBeingDelivered: 0, complete: true });
    expect((await journal.counts()).default).toMatchObject({ pending: 1, skipped: { forgotten: 1 } });
  });
});

describe('the removal of a user from a file that another program reads', () => {
  it('is incomplete, with the reason, until a repeat finds nothing on the disk', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'alone.db');
    await using alone = await openedStorage(`sqlite:${path}`);
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs), eventOf(others))));
    await alone.journal.append({ connection: 'default', receivedAt: 0, events: 2, profile: '{}', body });
    const bytes = async () =>
      (await Promise.all(['', '-wal'].map(suffix => readFile(path + suffix, 'latin1')))).join('');
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM batch');
    // Time passes with every look at the clock.
    let clock = 0;
    const options = {
      ...{ storage: alone, journal: alone.journal, deadLetters: alone.deadLetters },
      cohorts: {
        forget: async () => ({
          syncs: 0,
          members: 0,
          pages: 0,
          historyEntries: 0,
          ledgerEntries: 0,
          stillInMixpanel: [],
          later: [],
        }),
      },
      ids: { removeForgotten: async () => undefined },
      tombstones: { receiptNumber: async () => 'a1'.repeat(16), add: async () => undefined },
      brazeUsers: { forget: async () => 0 },
      onFailure: () => undefined,
      ...{ timeoutMs: 1_000, monotonic: () => (clock += 400) },
    };
    expect(await takeOut(theirs, options)).toMatchObject({
      ...{ pending: 1, stillBeingDelivered: 0, complete: false },
      stillOnDisk: expect.stringContaining(`is reading ${path}`),
    });
    expect(await bytes()).toContain(theirs);
    reader.close();
    expect(await takeOut(theirs, options)).toMatchObject({ pending: 0, stillOnDisk: null, complete: true });
    expect(await bytes()).not.toContain(theirs);
  });
});

describe('the removal of a user from the stored summaries of user ids', () => {
  it('leaves their ID neither in a summary nor on the disk, while the names of unknown event types stay', async () => {
    let storage: Storage | undefined;
    let path = '';
    const clock = new ManualClock(Date.now());
    await using mixpanel = await FakeMixpanel.start();
    await using service = await RunningService.start(
      { MIXPANEL_API_URL: mixpanel.url, CURRENTS_UNKNOWN: 'send' },
      {
        clock,
        openStorage: async url => {
          path = url.replace('sqlite:', '');
          storage = await openStorage(url);
          return storage;
        },
      },
    );
    const now = { time: Math.floor(clock.now() / 1_000) };
    const unknown = eventOf(theirs, { ...now, event_type: 'users.messages.pigeon.Send' });
    await service.post(batchOf(unknown, eventOf(others, now)));
    await service.settled();
    const summaries = async () => (await storage!.idSummaries.list('default')).map(({ text }) => text).join();
    // A body that was delivered leaves a free page with the ID, but not in this form.
    const counted = `["${theirs}",1]`;
    const onDisk = async () =>
      (await Promise.all(['', '-wal'].map(suffix => readFile(path + suffix, 'latin1')))).join('');
    await clock.advance(300_000);
    expect(await onDisk()).toContain(counted);

    const init = { method: 'POST', headers: asOperator };
    const body = JSON.stringify({ externalId: theirs, confirm: true });
    const answer = await fetch(`${service.service.url}/api/forget`, { ...init, body });
    expect(await answer.json()).toMatchObject({ complete: true, failed: [] });
    expect(await summaries()).toContain(others);
    expect(await summaries()).not.toContain(theirs);
    expect((await onDisk()).includes(counted)).toBe(false);
    expect(await storage!.firstSeen.list('default')).toMatchObject([{ name: 'users.messages.pigeon.Send' }]);
  });
});

describe('the removal of a user with a part that fails', () => {
  const parts = [
    ['default pending', { journal: { pending: failing } }],
    ['default delivered', { journal: { delivered: failing } }],
    ['default dead letters', { deadLetters: { list: failing } }],
    ['cohorts', { cohorts: { forget: failing } }],
    ['counted ids', { ids: { removeForgotten: failing } }],
    ['tombstone', { tombstones: { receiptNumber: async () => 'a1'.repeat(16), add: failing } }],
  ] as const;

  it.each(parts)('completes all others and names %s', async (part, broken) => {
    await using storage = await openedStorage();
    const failures: string[] = [];
    const whole = {
      journal: storage.journal,
      deadLetters: storage.deadLetters,
      cohorts: {
        forget: async () => ({
          syncs: 1,
          members: 2,
          pages: 0,
          historyEntries: 0,
          ledgerEntries: 0,
          stillInMixpanel: [],
          later: [],
        }),
      },
    };
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs))));
    await storage.journal.append({ connection: 'default', receivedAt: 0, events: 1, profile: '{}', body });
    const forgotten = await takeOut(theirs, {
      journal: { ...whole.journal, ...('journal' in broken && broken.journal) },
      deadLetters: { ...whole.deadLetters, ...('deadLetters' in broken && broken.deadLetters) },
      cohorts: { ...whole.cohorts, ...('cohorts' in broken && broken.cohorts) },
      brazeUsers: { forget: async () => 0 },
      tombstones: {
        receiptNumber: async () => 'a1'.repeat(16),
        add: async () => undefined,
        ...('tombstones' in broken && broken.tombstones),
      },
      ids: { removeForgotten: async () => undefined, ...('ids' in broken && broken.ids) },
      storage,
      timeoutMs: 0,
      monotonic: () => 0,
      onFailure: failed => void failures.push(failed),
    });
    expect(forgotten).toMatchObject({
      ...{ failed: [part], complete: false, pending: part === 'default pending' ? 0 : 1 },
      cohorts: { members: part === 'cohorts' ? 0 : 2 },
    });
    expect(failures).toEqual([part]);
  });
});
const failing = () => Promise.reject(new Error('refused'));

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'forget-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function openedStorage(url = 'sqlite::memory:'): Promise<Storage & AsyncDisposable> {
  const storage = await openStorage(url);
  return Object.assign(storage, { [Symbol.asyncDispose]: () => storage.close() });
}
