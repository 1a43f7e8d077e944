import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from './storage/open-storage.ts';
import { type Storage, StorageError } from './storage/types.ts';
import { batchOf, emailSend, emails } from './testing/events.ts';
import { accepts, type Behaviour, FakeMixpanel } from './testing/fake-mixpanel.ts';
import { asOperator, RunningService } from './testing/running-service.ts';

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

const refusesAll: Behaviour = ({ events, answer }) =>
  answer(400, {
    code: 400,
    failed_records: events.map(({ properties: { $insert_id } }, index) => ({
      index,
      insert_id: $insert_id,
      field: 'properties.time',
      message: 'too old',
    })),
    num_records_imported: 0,
  });
const replay = async (path: string, body?: unknown) => {
  const response = await fetch(`${service.service.url}/api/dead-letters${path}`, {
    method: 'POST',
    headers: asOperator,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};
const bury = async (...events: unknown[]) => {
  mixpanel.behaviour = refusesAll;
  await service.post(batchOf(...events));
  await service.settled();
  mixpanel.behaviour = accepts;
};

describe('a replay', () => {
  it('of one dead letter delivers its original under the same $insert_id, and counts it as imported', async () => {
    const event = emailSend();
    await bury(event);
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

  it('of a reason or an event type takes those alone; without either, all', async () => {
    await bury(...emails(3), 'not an event', { event_type: 'users.unknown', id: 'x' });
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

  it('ends, however quickly its events die again, and takes each once', async () => {
    await bury(...emails(1_200));
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
  ])('that is asked for with %s is refused, and nothing moves', async (_what, body) => {
    await bury(emailSend());
    expect((await replay('/replay', body)).status).toBe(400);
    expect(await service.connection()).toMatchObject({ deadLettered: { refused_by_mixpanel: 1 } });
  });

  it('of a connection that is not configured is refused: nobody would deliver it', async () => {
    expect(await replay('/replay', { connection: 'former' })).toMatchObject({
      status: 409,
      body: { error: { code: 'replay_not_configured' } },
    });
    await storage.journal.append({
      ...{ connection: 'former', receivedAt: 0, events: 1, profile: '{}' },
      body: new Uint8Array(2),
    });
    const lease = { owner: 'x', leaseMs: 60_000, maxRows: 1, maxEvents: 1, maxBytes: 100 };
    const [row] = await storage.journal.lease({ connection: 'former', ...lease });
    const letter = { reason: 'too_deep', detail: '', eventType: undefined, insertId: undefined };
    const deadLetters = [{ ...letter, original: '1', mapped: undefined }];
    await storage.journal.complete('x', [
      { id: row!.id, imported: 0, skipped: {}, deadLetters, notes: {}, days: [] },
    ]);
    const [dead] = (await service.deadLetters()).deadLetters;
    expect(await replay(`/${dead!.id}/replay`)).toMatchObject({ status: 409 });
    expect((await replay('/replay', {})).body).toEqual({ replayed: 0 });
  });

  it('that storage has no room for leaves the dead letters where they are, and says so', async () => {
    await bury(emailSend());
    storage.deadLetters.replay = () => Promise.reject(new StorageError('full', 'The disk is full.'));
    const { deadLetters } = await service.deadLetters();
    for (const path of ['/replay', `/${deadLetters[0]!.id}/replay`]) {
      expect(await replay(path)).toMatchObject({
        status: 503,
        body: { error: { code: 'replay_not_stored' } },
      });
    }
  });
});
