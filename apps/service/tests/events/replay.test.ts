import { openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDeadLetters, refusesAll, replayLetters } from '../../src/testing/dead-letters.ts';
import { emailSend, emails } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
let storage: Storage;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url },
    { openStorage: async url => (storage = await openStorage(url)) },
  );
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const replay = (path: string, body?: unknown) => replayLetters(service, path, body);
const addDeadLetter = (...events: unknown[]) => addDeadLetters(service, mixpanel, ...events);

describe('a replay', () => {
  it('of one dead letter delivers its original under the same $insert_id, and counts it as imported', async () => {
    const event = emailSend();
    await addDeadLetter(event);
    const { deadLetters } = await service.deadLetters();
    const [letter] = deadLetters;
    expect(await replay(`/${letter!.id}/replay`)).toEqual({ status: 200, body: { replayed: 1 } });
    expect(await service.settled()).toMatchObject({ accepted: 1, imported: 1, deadLettered: {} });
    expect([...mixpanel.unique.keys()]).toEqual([event.id]);
    expect(await service.deadLetters()).toMatchObject({ deadLetters: [], counts: {} });
    expect(await replay(`/${letter!.id}/replay`)).toMatchObject({
      status: 404,
      body: { error: { code: 'dead_letter_unknown' } },
    });
  });

  it('with a reason or an event type replays only those; without either, all', async () => {
    await addDeadLetter(...emails(3), 'not an event', { event_type: 'users.unknown', id: 'x' });
    expect((await replay('/replay', { reason: 'too_deep' })).body).toEqual({ replayed: 0 });
    expect(
      (await replay('/replay', { connection: 'default', event_type: 'users.messages.email.Send' })).body,
    ).toEqual({
      replayed: 3,
    });
    expect(await service.settled()).toMatchObject({
      accepted: 5,
      imported: 3,
      deadLettered: { not_an_object: 1, unknown_event_type: 1 },
    });
    expect((await replay('/replay')).body).toEqual({ replayed: 2 });
    expect(await service.settled()).toMatchObject({
      accepted: 5,
      imported: 3,
      deadLettered: { not_an_object: 1, unknown_event_type: 1 },
    });
  });

  it('ends, even where its events fail again at once, and replays each once', async () => {
    await addDeadLetter(...emails(1_200));
    mixpanel.behaviour = refusesAll;
    expect((await replay('/replay', {})).body).toEqual({ replayed: 1_200 });
    expect(await service.settled()).toMatchObject({
      accepted: 1_200,
      deadLettered: { refused_by_mixpanel: 1_200 },
    });
  });

  it.each([
    ['a field that does not exist', { resaon: 'x' }],
    ['a list', []],
    ['no JSON', 'reason=too_deep'],
    ['no text', { reason: 1 }],
  ])('with %s is refused, and nothing changes', async (_what, body) => {
    await addDeadLetter(emailSend());
    expect((await replay('/replay', body)).status).toBe(400);
    expect(await service.connection()).toMatchObject({ deadLettered: { refused_by_mixpanel: 1 } });
  });

  it('of a connection that is not configured is refused, since no delivery would send it', async () => {
    expect(await replay('/replay', { connection: 'former' })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_connection' } },
    });
    await storage.journal.append({
      ...{ connection: 'former', receivedAt: 0, events: 1, profile: '{}' },
      body: new Uint8Array(2),
    });
    const lease = { owner: 'x', leaseMs: 60_000, maxRows: 1, maxEvents: 1, maxBytes: 100, now: 0 };
    const [row] = await storage.journal.lease({ connection: 'former', ...lease });
    const letter = { reason: 'too_deep', detail: '', eventType: undefined, insertId: undefined };
    const deadLetters = [{ ...letter, original: '1', mapped: undefined }];
    await storage.journal.complete('x', [
      { id: row!.id, imported: 0, skipped: {}, deadLetters, notes: {}, days: [] },
    ]);
    const [dead] = (await service.deadLetters()).deadLetters;
    expect(await replay('/replay', { connection: 'former' })).toMatchObject({
      status: 409,
      body: { error: { code: 'replay_not_configured' } },
    });
    expect(await replay(`/${dead!.id}/replay`)).toMatchObject({ status: 409 });
    expect((await replay('/replay', {})).body).toEqual({ replayed: 0 });
  });

  it('that a full storage refuses leaves the dead letters unchanged, and reports it', async () => {
    await addDeadLetter(emailSend());
    storage.deadLetters.replay = () => Promise.reject(new StorageError('full', 'The disk is full.'));
    const { deadLetters } = await service.deadLetters();
    for (const path of ['/replay', `/${deadLetters[0]!.id}/replay`]) {
      expect(await replay(path)).toMatchObject({
        status: 503,
        body: { error: { code: 'replay_not_stored' } },
      });
    }
  });

  it('after an upgrade includes newly known event types: it maps under the present options', async () => {
    const event = emailSend();
    /** The dead letter of a release without this event type. */
    const leave = async (stored: Storage) => {
      const formerly = '{"generation":"2022-06","selection":[],"sendUnlisted":false}';
      const body = new TextEncoder().encode('{"events":[]}');
      const batch = { connection: 'default', receivedAt: Date.now(), events: 1, profile: formerly, body };
      await stored.journal.append(batch);
      const lease = { owner: 'x', leaseMs: 60_000, maxRows: 1, maxEvents: 1, maxBytes: 100, now: 0 };
      const [row] = await stored.journal.lease({ connection: 'default', ...lease });
      const letter = { reason: 'unknown_event_type', detail: '', mapped: undefined, insertId: undefined };
      const deadLetters = [{ ...letter, eventType: event.event_type, original: JSON.stringify(event) }];
      const nothing = { imported: 0, skipped: {}, notes: {}, days: [] };
      await stored.journal.complete('x', [{ id: row!.id, ...nothing, deadLetters }]);
      return stored;
    };
    await service[Symbol.asyncDispose]();
    service = await RunningService.start(
      { MIXPANEL_API_URL: mixpanel.url },
      { openStorage: async url => leave(await openStorage(url)) },
    );
    expect((await replay('/replay', { reason: 'unknown_event_type' })).body).toEqual({ replayed: 1 });
    expect(await service.settled()).toMatchObject({ imported: 1, skipped: {}, deadLettered: {} });
    expect([...mixpanel.unique.keys()]).toEqual([event.id]);
  });
});
