import type { Storage } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const hour = 3_600_000;
let mixpanel: FakeMixpanel;
let service: RunningService;
let storage: Storage;
let clock: ManualClock;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  // Storage stamps by its own clock, so a test begins at the present.
  clock = new ManualClock(Date.now());
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});
const start = async (environment: Record<string, string>) => {
  service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url, ...environment },
    { clock, openStorage: async url => (storage = await openStorage(url)) },
  );
};
const delivered = () => storage.journal.delivered({ connection: 'default', after: 0, limit: 10 });

describe('retention', () => {
  it('keeps no delivered body by default', async () => {
    await start({});
    await service.post(batchOf(emailSend()));
    await service.settled();
    expect(await delivered()).toEqual([]);
  });

  it('keeps each store for its own time, and its counters for ever', async () => {
    await start({ DELIVERED_RETENTION: '2h', DEAD_LETTER_RETENTION: '10h', AUDIT_RETENTION: '1d' });
    await service.post(batchOf(emailSend(), 'not an event'));
    await service.settled();
    await storage.audit.append({ at: clock.now(), actor: 'test', action: 'test', detail: '{}' });
    const audit = () => storage.audit.list({ before: undefined, limit: 10 });
    await clock.advance(1.5 * hour);
    expect(await delivered()).toHaveLength(1);

    await clock.advance(1.5 * hour);
    await vi.waitFor(async () => expect(await delivered()).toEqual([]));
    expect((await service.deadLetters()).counts).toEqual({ not_an_object: 1 });

    await clock.advance(8 * hour);
    await vi.waitFor(async () => expect((await service.deadLetters()).counts).toEqual({}));
    expect(await service.connection()).toMatchObject({
      ...{ accepted: 2, imported: 1, skipped: { expired: 1 }, deadLettered: {} },
    });
    expect(await audit()).toHaveLength(1);
    await clock.advance(14 * hour);
    await vi.waitFor(async () => expect(await audit()).toEqual([]));
    expect(await service.connection()).toMatchObject({ accepted: 2, imported: 1 });
  });

  it('stores counted user ids within the hour, and deletes them on the second day after', async () => {
    await start({});
    const time = Math.floor(clock.now() / 1_000);
    await service.post(batchOf(emailSend({ time, user: { external_user_id: 'ada' } })));
    const stored = async () => (await storage.idSummaries.list('default')).map(({ text }) => text).join();
    await vi.waitFor(async () => expect((await service.connection()).identity).toMatchObject([{ ids: 1 }]));
    expect(await stored()).toBe('');
    await clock.advance(hour);
    expect(await stored()).toContain('ada');
    expect((await service.connection()).identity).toMatchObject([{ events: 1, ids: 1 }]);
    await clock.advance(49 * hour);
    await vi.waitFor(async () => expect(await stored()).toBe(''));
    expect((await service.connection()).identity).toEqual([]);
  });

  it('also deletes bodies kept under a former configuration, once none are to be kept', async () => {
    await start({ DELIVERED_RETENTION: '2h' });
    await service.post(batchOf(emailSend()));
    await service.settled();
    expect(await delivered()).toHaveLength(1);
    expect(await service.reload({ DELIVERED_RETENTION: '0s' })).toBe(true);
    await service.post(batchOf(emailSend()));
    await service.settled();
    await clock.advance(hour);
    await vi.waitFor(async () => expect(await delivered()).toEqual([]));
  });

  it('treats no stamp as ahead before the clock has run for six hours, since this clock may be the wrong one', async () => {
    await start({});
    const at = clock.now() + 240 * hour;
    await storage.audit.append({ at, actor: 'test', action: 'test', detail: '{}' });
    const stamps = async () =>
      (await storage.audit.list({ before: undefined, limit: 10 })).map(entry => entry.at);
    await clock.advance(5.5 * hour);
    await clock.setBack(3 * hour);
    await clock.advance(5.5 * hour);
    expect(await stamps()).toEqual([at]);

    await clock.advance(hour);
    await vi.waitFor(async () => expect((await stamps())[0]).toBeLessThanOrEqual(clock.now()));
  });

  it('continues after storage failed once', async () => {
    await start({ DELIVERED_RETENTION: '1h' });
    await service.post(batchOf(emailSend()));
    await service.settled();
    const { sweep } = storage;
    const failing = vi
      .spyOn(storage, 'sweep')
      .mockRejectedValueOnce(new Error('away'))
      .mockImplementation(sweep);
    await clock.advance(3 * hour);
    await vi.waitFor(async () => expect(await delivered()).toEqual([]));
    expect(failing.mock.calls.length).toBeGreaterThan(1);
  });
});
