import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { epochMs, monotonicMs } from '../clock/index.ts';
import { deliverUnit } from '../events/delivery/deliver-unit.ts';
import { mapRow } from '../events/delivery/map-rows.ts';
import { Slices } from '../events/delivery/slices.ts';
import { batchOf, emailSend } from '../testing/events.ts';
import { skipForgotten } from './skip-forgotten.ts';
import { Tombstones } from './tombstones.ts';

let storage: Storage;
let clock = 0;
beforeEach(async () => {
  storage = await openStorage('sqlite::memory:');
  clock = 0;
});
afterEach(() => storage.close());

const tombstones = (shared = false) =>
  new Tombstones({ store: storage.tombstones, shared, now: () => 1e12, monotonic: () => monotonicMs(clock) });

describe('tombstones', () => {
  it('are digests of 16 bytes, which differ between storages and do not have the ID', async () => {
    await using other = Object.assign(await openStorage('sqlite::memory:'), {
      [Symbol.asyncDispose]: () => other.close(),
    });
    await tombstones().add('ada');
    await new Tombstones({
      ...{ store: other.tombstones, shared: false, now: () => 1e12, monotonic: () => monotonicMs(0) },
    }).add('ada');
    const digests = [...(await storage.tombstones.list()), ...(await other.tombstones.list())];
    expect(new Set(digests).size).toBe(2);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{32}$/);
  });

  it('of another process are known after a second, and asked for at most once in it', async () => {
    const [ada, bob] = [tombstones(true), tombstones(true)];
    await ada.refresh();
    const state = vi.spyOn(storage.tombstones, 'state');
    const list = vi.spyOn(storage.tombstones, 'list');
    await bob.add('user');
    state.mockClear();
    list.mockClear();
    for (clock = 1; clock < 1_000; clock += 100) await ada.refresh();
    expect(state).not.toHaveBeenCalled();
    clock = 1_000;
    await ada.refresh();
    expect(ada.has('user')).toBe(true);
    clock = 2_000;
    await ada.refresh();
    expect(state).toHaveBeenCalledTimes(2);
    expect(list).toHaveBeenCalledTimes(1);
  });

  it('of another process are known at once where the newest list is asked for', async () => {
    const [ada, bob] = [tombstones(true), tombstones(true)];
    await ada.refresh();
    await bob.add('user');
    expect(ada.has('user')).toBe(false);
    expect((await ada.forgottenNow())('user')).toBe(true);
  });

  it('are read again by the next refresh where storage failed after a change', async () => {
    const alone = tombstones();
    const fails = () =>
      vi
        .spyOn(storage.tombstones, 'list')
        .mockRejectedValueOnce(new StorageError('unavailable', 'The disk is away.'));
    await alone.refresh();
    fails();
    await expect(alone.add('ada')).rejects.toThrow('The disk is away.');
    await alone.refresh();
    expect(alone.has('ada')).toBe(true);
    fails();
    expect(await alone.remove('ada')).toBe(true);
    await alone.refresh();
    expect(alone.has('ada')).toBe(false);
  });

  it('are read once where one process owns the storage', async () => {
    const alone = tombstones();
    const state = vi.spyOn(storage.tombstones, 'state');
    for (clock = 0; clock < 1e6; clock += 1e5) await alone.refresh();
    expect(state).toHaveBeenCalledTimes(1);
    expect(alone.isEmpty).toBe(true);
  });
});

describe('a batch that was mapped in memory before its user was forgotten', () => {
  const profile = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
  const lease = {
    ...{
      connection: 'default',
      owner: 'x',
      leaseMs: 60_000,
      maxRows: 9,
      maxEvents: 9,
      maxBytes: 1e6,
      now: 0,
    },
  };
  const event = (user: string) => emailSend({ user: { external_user_id: user } });

  async function leasedAndMapped(...users: string[]) {
    const body = new TextEncoder().encode(JSON.stringify(batchOf(...users.map(event))));
    await storage.journal.append({
      connection: 'default',
      receivedAt: 0,
      events: users.length,
      profile,
      body,
    });
    const rows = await storage.journal.lease(lease);
    return { rows, mapped: new Map(rows.map(row => [row.id, mapRow(row, 1_800_000_000_000)])) };
  }

  const deliver = (
    { rows, mapped }: Awaited<ReturnType<typeof leasedAndMapped>>,
    users: Tombstones,
    sent: string[],
  ) =>
    deliverUnit(
      rows,
      {
        ...{ owner: 'x', journal: storage.journal, forgotten: skipForgotten(users, storage.journal) },
        send: async events => {
          sent.push(...events.map(({ json }) => json));
          return { kind: 'answered', status: 200, body: '{"code":200}', retryAfterMs: undefined };
        },
        withoutSecrets: text => text,
        now: () => epochMs(1_800_000_000_000),
        slices: new Slices(() => monotonicMs(0)),
        stop: new AbortController().signal,
      },
      mapped,
    );

  it('is not sent: it waits in storage without the events, which are skipped', async () => {
    const users = tombstones();
    const unit = await leasedAndMapped('ada', 'bob');
    await users.add('ada');
    const sent: string[] = [];
    expect(await deliver(unit, users, sent)).toMatchObject({
      settled: [],
      unsettled: [],
      failure: undefined,
    });
    expect(sent).toEqual([]);
    expect((await storage.journal.counts()).default).toMatchObject({
      ...{ accepted: 2, imported: 0, skipped: { forgotten: 1 }, pending: 1 },
    });
    const [rest] = await storage.journal.pending({ connection: 'default', after: 0, limit: 1 });
    expect(new TextDecoder().decode(rest!.body)).not.toContain('ada');
    expect(rest).toMatchObject({ attempts: 0, leased: false });
  });

  it('stays as it is where storage cannot say who is forgotten, and nothing is sent', async () => {
    const unit = await leasedAndMapped('ada');
    vi.spyOn(storage.tombstones, 'state').mockRejectedValue(new Error('away'));
    const sent: string[] = [];
    expect(await deliver(unit, tombstones(), sent)).toMatchObject({
      ...{ settled: [], unsettled: [{ events: 1 }], failure: { code: 'outcome_not_stored' } },
    });
    expect(sent).toEqual([]);
  });
});
