import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { describeWithPostgres, type PostgresServer, startPostgres } from '@braze-mixpanel/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monotonicMs } from '../../src/clock/index.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { type ForgetWithReceiptOptions, forgetWithReceipt } from '../../src/privacy/forget-with-receipt.ts';
import { listReceipts, receiptOf } from '../../src/privacy/receipts.ts';
import { Tombstones } from '../../src/privacy/tombstones.ts';
import { batchOf } from '../../src/testing/events.ts';
import { eventOf, theirs } from '../../src/testing/privacy-test.ts';

const user = { externalId: theirs, vendors: true };
const { connections } = readConfig({
  environment: {
    ...{ CURRENTS_TOKEN: 'test-currents-token', MIXPANEL_TOKEN: 'mixpanel-token' },
    MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token',
  },
});
const dueIn = async (storage: Storage) => (await storage.receipts.due())[0]!.dueAt! - 1_000;

/** A process on the storage. */
function processOn(storage: Storage) {
  const clock = { now: () => 1_000, monotonic: () => monotonicMs(0) };
  const { journal, deadLetters, receipts } = storage;
  const tombstones = new Tombstones({ store: storage.tombstones, shared: false, ...clock });
  const none = { syncs: 0, members: 0, pages: 0, historyEntries: 0, ledgerEntries: 0 };
  const options: ForgetWithReceiptOptions = {
    ...{ journal, deadLetters, receipts, storage, tombstones, ...clock },
    cohorts: { forget: async () => ({ ...none, stillInMixpanel: [], later: [] }) },
    ids: { removeForgotten: async () => undefined },
    brazeUsers: { forget: async () => 0 },
    ...{ connections, keepsDelivered: true, timeoutMs: 0 },
    wakeDeletions: async () => undefined,
    onFailure: () => undefined,
  };
  return options;
}

/** Removes the user, and stops for ever at the first deletion. Resolves once it has stopped. */
function stopped(storage: Storage, when: 'before' | 'after'): Promise<void> {
  const options = processOn(storage);
  return new Promise((resolve, reject) => {
    const stop = async (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    const rewrite: typeof options.journal.rewrite = async (...given) => {
      if (when === 'after') await storage.journal.rewrite(...given);
      return stop();
    };
    const bound = {
      counts: () => storage.journal.counts(),
      pending: (page: Parameters<typeof storage.journal.pending>[0]) => storage.journal.pending(page),
      delivered: (page: Parameters<typeof storage.journal.delivered>[0]) => storage.journal.delivered(page),
      rewrite,
    };
    forgetWithReceipt(user, { ...options, journal: bound }).then(
      () => reject(new Error('The removal did not stop.')),
      reject,
    );
  });
}

async function expectKnown(storage: Storage, when: 'before' | 'after'): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs))));
  await storage.journal.append({ connection: 'default', receivedAt: 0, events: 1, profile: '{}', body });
  await stopped(storage, when);
  expect((await storage.journal.counts()).default?.pending).toBe(when === 'after' ? 0 : 1);

  const restarted = processOn(storage);
  const number = await restarted.tombstones.receiptNumber(theirs);
  expect(await receiptOf(number, restarted)).toMatchObject({
    skipsLaterEvents: true,
    entries: [{ what: 'forget', vendors: true, removed: null }],
    // Mixpanel is asked without a repetition, but not while a removal is likely to run.
    mixpanel: [{ state: 'waiting', idKept: true }],
    notKnown: expect.arrayContaining([expect.stringContaining('run forget again')]),
  });
  expect(await dueIn(storage)).toBeGreaterThanOrEqual(5 * 60_000);
  expect(await listReceipts({ limit: 10 }, restarted)).toMatchObject({
    receipts: [{ number, what: 'forget', complete: null }],
  });

  const { done, receipt } = await forgetWithReceipt(user, restarted);
  expect(done).toMatchObject({ complete: true, pending: when === 'after' ? 0 : 1 });
  expect(receipt).toMatchObject({ entries: [{ removed: { complete: true } }, { removed: null }] });
  expect(await dueIn(storage)).toBe(0);
  expect(receipt?.notKnown.join()).not.toContain('run forget again');
  expect(JSON.stringify(receipt)).not.toContain(theirs);
}

const moments = ['before', 'after'] as const;

describe('a removal that stops at its first deletion', () => {
  it.each(moments)(
    'leaves a tombstone, a receipt without an end and the request to Mixpanel in SQLite, %s it',
    async when => {
      const storage = await openStorage('sqlite::memory:');
      await expectKnown(storage, when).finally(() => storage.close());
    },
  );
});

describeWithPostgres('a removal that stops at its first deletion', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.each(moments)(
    'leaves a tombstone, a receipt without an end and the request to Mixpanel in PostgreSQL, %s it',
    async when => {
      const place = await server.createDatabase();
      const storage = await openStorage(place.url);
      try {
        await expectKnown(storage, when);
      } finally {
        await storage.close();
        await place.drop();
      }
    },
  );
});
