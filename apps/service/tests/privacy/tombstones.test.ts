import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { StorageError } from '@braze-mixpanel/storage';
import { describe, expect, it, vi } from 'vitest';
import { endedBackfill } from '../../src/testing/backfills.ts';
import { batchOf } from '../../src/testing/events.ts';
import { accepts, answers } from '../../src/testing/fake-mixpanel.ts';
import { eventOf, others, privacyTest, theirs } from '../../src/testing/privacy-test.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const test = privacyTest();
const { forget, onDisk } = test;

const lift = async (externalId: string) => {
  const init = { method: 'POST', headers: asOperator, body: JSON.stringify({ externalId }) };
  const answer = await fetch(`${test.world.service.service.url}/api/forget/lift`, init);
  return { status: answer.status, ...((await answer.json()) as { lifted?: boolean }) };
};

type Listed = { receipts: { number: string }[] };
type Audited = { entries: { action: string; detail: { lifted?: boolean } }[] };

/** IDs of the users whose events Mixpanel has stored. */
const usersInMixpanel = () =>
  new Set(test.mixpanel.stored.map(({ properties }) => String(properties.distinct_id)));

describe('later events of a forgotten user', () => {
  it('are skipped when Braze sends them again, without a trace of the ID, while all others are delivered', async () => {
    const { service } = test.world;
    await forget();
    const known = eventOf(others);
    await service.post(batchOf(eventOf(theirs), known, eventOf(theirs)));
    await service.post(batchOf(eventOf(theirs)));
    expect(await service.settled()).toMatchObject({
      ...{ accepted: 4, imported: 1, skipped: { forgotten: 3 }, deadLettered: {} },
    });
    expect([...test.mixpanel.unique.keys()]).toEqual([known.id]);
    const { body } = await forget();
    expect(body).toMatchObject({ pending: 0, delivered: 0, deadLetters: 0, complete: true });
    expect(await onDisk()).not.toContain(theirs);
  });

  it('become no dead letters, are not held until their time, and leave no body where their type is not selected', async () => {
    const { service } = test.world;
    await forget();
    const ahead = { time: Math.floor(Date.now() / 1_000) + 7_200 };
    await service.post(batchOf(eventOf(theirs, { time: 'never' }), eventOf(others, { time: 'never' })));
    await service.post(batchOf(eventOf(theirs, ahead), eventOf(theirs, { event_type: 'users.unknown' })));
    expect(await service.settled()).toMatchObject({
      ...{ accepted: 4, imported: 0, skipped: { forgotten: 3 }, deadLettered: { invalid_time: 1 } },
    });
    expect((await forget()).body).toMatchObject({ delivered: 0, deadLetters: 0 });
  });

  it('are skipped under every spelling of the ID that is the same user in Mixpanel', async () => {
    const { service } = test.world;
    await forget({ externalId: '4711', confirm: true });
    await forget({ externalId: 'half\ud83c', confirm: true });
    const number = eventOf('', { user: { external_user_id: 4711 } });
    await service.post(batchOf(number, eventOf('half\ufffd'), eventOf('half\ud83c'), eventOf('47110')));
    expect(await service.settled()).toMatchObject({ imported: 1, skipped: { forgotten: 3 } });
    expect(usersInMixpanel()).toEqual(new Set(['47110']));
  });

  it('are skipped in a back-fill, and counted as skipped in its dry run', async () => {
    const { service } = test.world;
    const folder = await mkdtemp(join(tmpdir(), 'tombstones-'));
    try {
      const type = 'users.messages.email.Send';
      const entry = catalogue2026_07.byType.get(type)!;
      const random = seededRandom(1);
      const time = Math.floor(Date.now() / 1_000) - 3_600;
      const events = [theirs, others, theirs].map(externalUserId =>
        sampleEvent(entry, { random, time, externalUserId }),
      );
      await writeFile(join(folder, 'events.avro'), await writeCurrentsFile(type, events));
      await forget();
      const { dryRun } = await endedBackfill(service, { source: folder, dryRun: true });
      expect(dryRun).toMatchObject({ events: 1, skipped: { forgotten: 2 } });
      const job = await endedBackfill(service, { source: folder });
      expect(job.delivery).toMatchObject({ imported: 1, skipped: { forgotten: 2 }, pending: 0 });
      expect(usersInMixpanel()).toEqual(new Set([others]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are delivered again once the tombstone is lifted, which the audit log has without the ID', async () => {
    const { service } = test.world;
    await forget();
    expect(await lift(theirs)).toMatchObject({ lifted: true });
    expect(await lift(theirs)).toMatchObject({ lifted: false });
    await service.post(batchOf(eventOf(theirs)));
    expect(await service.settled()).toMatchObject({ imported: 1, skipped: {} });
    const text = await (await service.get('/api/audit')).text();
    expect(text).toContain('forget.lift');
    expect(text).not.toContain(theirs);
  });

  it.each([
    ['only reading the tombstones again', 'tombstones', 'list', { status: 200, lifted: true }],
    [
      'the deletions in Mixpanel',
      'receipts',
      'deletions',
      {
        status: 503,
        error: {
          code: 'lift_incomplete',
          message: expect.stringContaining('The tombstone was removed:'),
        },
      },
    ],
  ] as const)(
    'are delivered again where storage removed the tombstone and failed at %s, and the answer says so',
    async (_, port, method, expected) => {
      const { service, storage } = test.world;
      await forget();
      vi.spyOn(
        storage[port] as unknown as Record<string, () => Promise<unknown>>,
        method,
      ).mockRejectedValueOnce(new StorageError('unavailable', 'The disk is away.'));
      expect(await lift(theirs)).toMatchObject(expected);
      await service.post(batchOf(eventOf(theirs)));
      expect(await service.settled()).toMatchObject({ imported: 1, skipped: {} });
    },
  );

  it.each([
    ['at its receipt', 'receipts', 'append', 'removal_not_stored', 'Nothing was removed.', true],
    ['after its removal', 'receipts', 'deletions', 'lift_incomplete', 'The tombstone was removed:', false],
  ] as const)(
    'are in the receipt and the audit log once as lifted, where storage failed %s and the call was repeated',
    async (_, port, method, code, message, lifted) => {
      const { service, storage } = test.world;
      await forget();
      const { receipts } = (await (await service.get('/api/forget/receipts')).json()) as Listed;
      const number = receipts[0]!.number;
      const error = new StorageError('unavailable', 'The disk is full.');
      vi.spyOn(
        storage[port] as unknown as Record<string, () => Promise<unknown>>,
        method,
      ).mockRejectedValueOnce(error);
      expect(await lift(theirs)).toMatchObject({
        status: 503,
        error: { code, message: expect.stringContaining(message) },
      });
      expect(await lift(theirs)).toMatchObject({ status: 200, lifted });
      expect(await (await service.get(`/api/forget/receipts/${number}`)).json()).toMatchObject({
        skipsLaterEvents: false,
        entries: [{ what: 'lift' }, { what: 'forget' }],
      });
      const { entries } = (await (await service.get('/api/audit')).json()) as Audited;
      const lifts = entries.filter(({ action, detail }) => action === 'forget.lift' && detail.lifted);
      expect(lifts).toHaveLength(1);
    },
  );

  it('can be lifted again after storage failed at the removal, of which the answer says that it is not known', async () => {
    const { storage } = test.world;
    await forget();
    const error = new StorageError('unavailable', 'The disk is away.');
    vi.spyOn(storage.tombstones, 'remove').mockRejectedValueOnce(error);
    expect(await lift(theirs)).toMatchObject({
      status: 503,
      error: {
        code: 'removal_not_stored',
        message: expect.stringContaining('Whether the tombstone was removed is not known.'),
      },
    });
    expect(await lift(theirs)).toMatchObject({ lifted: true });
  });

  it('are skipped after an outage of Mixpanel in which they were accepted and tried', async () => {
    const { service } = test.world;
    test.mixpanel.behaviour = answers(503);
    await service.post(batchOf(eventOf(theirs), eventOf(others)));
    await service.until(({ pending }) => pending.events === 2);
    await forget();
    await service.post(batchOf(eventOf(theirs)));
    test.mixpanel.behaviour = accepts;
    expect(await service.settled()).toMatchObject({ accepted: 3, imported: 1, skipped: { forgotten: 2 } });
    expect(usersInMixpanel()).toEqual(new Set([others]));
  });
});
