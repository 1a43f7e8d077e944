import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import type { privacyEndpoints } from '../../src/http/privacy-routes.ts';
import { endedBackfill } from '../../src/testing/backfills.ts';
import { DeletionWorld, forgetVendors, receiptOfUser } from '../../src/testing/deletion-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import type { RunningService } from '../../src/testing/running-service.ts';

const now = Date.parse('2026-03-01T12:30:00Z') / 1_000;
const tenMinutes = 600_000;

let world: DeletionWorld;
let folder: string;
beforeEach(async () => {
  world = await DeletionWorld.begin();
  folder = await mkdtemp(join(tmpdir(), 'requests-'));
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const serve = (environment: Record<string, string> = {}) =>
  world.serve({ KEEP_ID_MAP: 'true', ...environment });

/** Braze sends an event of a profile. */
const seen = async (service: RunningService, braze: string, external: string, time = now - 7_200) => {
  const user = { user_id: braze, external_user_id: external };
  await service.post(batchOf(emailSend({ user, time })));
  await service.settled();
};

/** A back-fill has an event that only files have. */
async function filed(service: RunningService, type: string, user: string, more: object, time: number) {
  const source = await mkdtemp(join(folder, 'source-'));
  const entry = catalogue2026_07.byType.get(type)!;
  const event = sampleEvent(entry, { random: seededRandom(1), time, externalUserId: 'unused' });
  const changed = { ...event, user: { user_id: user }, properties: { ...event.properties, ...more } };
  await writeFile(join(source, 'events.avro'), await writeCurrentsFile(type, [changed]));
  await endedBackfill(service, { source });
}
const deleted = (service: RunningService, user: string, time = now - 3_600) =>
  filed(service, 'users.UserDeleteRequest', user, {}, time);

const requestsOf = async (service: RunningService) =>
  (
    (await (await service.get('/api/forget/requests')).json()) as z.output<
      typeof privacyEndpoints.requests.answer
    >
  ).requests;
const skipsLater = async (service: RunningService, user: string) =>
  (await receiptOfUser(service, user)).skipsLaterEvents === true;

// Several services and back-fills each.
vi.setConfig({ testTimeout: 60_000 });

describe("Braze's requests to delete users", () => {
  it('are reported with the receipt of the user, and lose nothing, by default', async () => {
    await using service = await serve();
    await seen(service, 'braze-ada', 'user-ada');
    await deleted(service, 'braze-ada');
    await deleted(service, 'braze-unknown');
    const requests = await requestsOf(service);
    const at = new Date((now - 3_600) * 1_000).toISOString();
    expect(requests).toMatchObject([1, 2].map(() => ({ at, state: 'waiting' })));
    expect(requests.map(({ known, receipts }) => [known, receipts.length]).sort()).toEqual([
      [false, 0],
      [true, 1],
    ]);
    const [first, second] = await Promise.all(
      [1, 2].map(limit => service.get(`/api/forget/requests?limit=${limit}`)),
    );
    const { next, requests: newest } = (await first!.json()) as { next: string; requests: unknown };
    const rest = await service.get(`/api/forget/requests?before=${next}`);
    expect([newest, await rest.json()]).toEqual([
      requests.slice(0, 1),
      { requests: requests.slice(1), next: null },
    ]);
    expect(await second!.json()).toMatchObject({ requests });
    expect(JSON.stringify(requests)).not.toMatch(/user-|braze-/);
    await world.advance(tenMinutes);
    expect(await skipsLater(service, 'user-ada')).toBe(false);
    // The operator acts on them: those that wait are removed.
    await service.reload({ USER_DELETE_REQUESTS: 'forget' });
    await vi.waitFor(
      async () => {
        const states = (await requestsOf(service)).map(({ state }) => state);
        expect(states.sort()).toEqual(['forgotten', 'waiting']);
      },
      { timeout: 30_000 },
    );
    expect(await skipsLater(service, 'user-ada')).toBe(true);
    expect(await (await service.get('/api/audit')).text()).toContain('service, for users.UserDeleteRequest');
  });

  it('remove the user from everything, and ask Mixpanel, where that is chosen', async () => {
    await using service = await serve({ USER_DELETE_REQUESTS: 'forget-vendors' });
    await seen(service, 'braze-ada', 'ada');
    await seen(service, 'braze-grace', 'grace');
    await deleted(service, 'braze-ada');
    await world.advance(tenMinutes);
    expect((await world.tasks()).map(({ distinctIds }) => distinctIds)).toEqual([['ada']]);
    await seen(service, 'braze-ada', 'ada', now);
    await seen(service, 'braze-grace', 'grace', now);
    expect((await service.connection()).skipped).toMatchObject({ forgotten: 1 });
    const { number } = await receiptOfUser(service, 'ada');
    expect(await requestsOf(service)).toMatchObject([
      { state: 'forgotten', known: true, receipts: [number] },
    ]);
    expect((await receiptOfUser(service, 'ada')).entries[0]?.removed).toMatchObject({
      brazeIds: 1,
      complete: true,
    });
  });

  it('concern the IDs of profiles that were merged into the deleted one, and a merge alone removes nothing', async () => {
    await using service = await serve({ USER_DELETE_REQUESTS: 'forget' });
    await seen(service, 'braze-old', 'old-ada');
    await seen(service, 'braze-ada', 'ada');
    await filed(service, 'users.UserOrphan', 'braze-old', { orphaned_by_id: 'braze-ada' }, now - 7_000);
    await world.advance(tenMinutes);
    expect(await skipsLater(service, 'old-ada')).toBe(false);
    await deleted(service, 'braze-ada');
    await world.advance(tenMinutes);
    expect([await skipsLater(service, 'old-ada'), await skipsLater(service, 'ada')]).toEqual([true, true]);
  });

  it('do not remove a user who came back as another profile', async () => {
    await using service = await serve({ USER_DELETE_REQUESTS: 'forget' });
    await seen(service, 'braze-first', 'ada');
    await seen(service, 'braze-second', 'ada', now - 60);
    await deleted(service, 'braze-first');
    await world.advance(tenMinutes);
    expect(await skipsLater(service, 'ada')).toBe(false);
    expect(await requestsOf(service)).toMatchObject([{ state: 'kept' }]);
  });

  it('are not remembered without KEEP_ID_MAP, of forgotten users, or once it is turned off', async () => {
    await using service = await serve({ KEEP_ID_MAP: 'false', USER_DELETE_REQUESTS: 'forget' });
    await seen(service, 'braze-ada', 'ada');
    await deleted(service, 'braze-ada');
    expect(await requestsOf(service)).toEqual([]);
    await service.reload({ KEEP_ID_MAP: 'true' });
    await forgetVendors(service, 'ada', { vendors: false });
    await seen(service, 'braze-ada', 'ada', now);
    await deleted(service, 'braze-ada');
    await seen(service, 'braze-grace', 'grace');
    await deleted(service, 'braze-grace');
    expect((await requestsOf(service)).map(({ known }) => known).sort()).toEqual([false, true]);
    await service.reload({ KEEP_ID_MAP: 'false' });
    await world.advance(tenMinutes);
    expect(await requestsOf(service)).toEqual([]);
  });

  it.each([
    ['no user', undefined],
    ['a user that is a text', 'ada'],
    ['a Braze ID that is a number', { user_id: 7, external_user_id: 'ada' }],
    ['an empty Braze ID', { user_id: ' ', external_user_id: 'ada' }],
    ['a long Braze ID', { user_id: 'b'.repeat(5_000), external_user_id: 'ada' }],
    [
      'an external ID with half a surrogate pair and a NUL',
      { user_id: 'b', external_user_id: 'a\u0000\ud83c' },
    ],
  ])('do not stop the delivery of events with %s', async (_what, user) => {
    await using service = await serve({ USER_DELETE_REQUESTS: 'forget' });
    const bad = { ...emailSend(), event_type: 'users.UserDeleteRequest', user };
    await service.post({
      events: [bad, { ...bad, event_type: 'users.UserOrphan', properties: 7 }, emailSend()],
    });
    const status = await service.settled();
    expect(status.accepted).toBe(3);
    expect(status.imported).toBeGreaterThan(0);
  });
});
