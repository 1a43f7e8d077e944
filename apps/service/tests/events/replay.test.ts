import { openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { accepts, type Behaviour, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

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
const addDeadLetter = async (...events: unknown[]) => {
  mixpanel.behaviour = refusesAll;
  await service.post(batchOf(...events));
  await service.settled();
  mixpanel.behaviour = accepts;
};

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

  describe('with a correction', () => {
    const nameless = () => emailSend({ user: { external_user_id: 'anonymous' } });
    const named = [{ set: 'user.external_user_id', value: 'customer-1' }];
    const only = async () => (await service.deadLetters()).deadLetters[0]!;

    it('of one dead letter delivers the corrected event under the same $insert_id', async () => {
      const event = nameless();
      await addDeadLetter(event);
      const path = `/${(await only()).id}/replay`;
      expect(await replay(path, { fix: named, dryRun: true })).toMatchObject({
        body: {
          dryRun: true,
          result: { outcome: 'mapped', mapped: { properties: { distinct_id: 'customer-1' } } },
        },
      });
      expect(await service.connection()).toMatchObject({ pending: { events: 0 }, imported: 0 });
      expect(await replay(path, { fix: named })).toEqual({ status: 200, body: { replayed: 1 } });
      expect(await service.settled()).toMatchObject({ accepted: 1, imported: 1, deadLettered: {} });
      expect(mixpanel.unique.get(event.id)?.properties).toMatchObject({ distinct_id: 'customer-1' });
    });

    it('may be given as the whole event', async () => {
      const event = nameless();
      await addDeadLetter(event);
      const original = { ...event, user: { external_user_id: 'customer-2' } };
      expect(await replay(`/${(await only()).id}/replay`, { original })).toMatchObject({ status: 200 });
      await service.settled();
      expect(mixpanel.unique.get(event.id)?.properties).toMatchObject({ distinct_id: 'customer-2' });
    });

    it('is refused where it changes the id or is not enough, and nothing changes', async () => {
      await addDeadLetter(nameless());
      const { id } = await only();
      const answers = [
        await replay(`/${id}/replay`, { fix: [{ set: 'id', value: 'another' }] }),
        await replay(`/${id}/replay`, { fix: [{ set: 'properties.x', value: 1 }] }),
        await replay(`/${id}/replay`, { original: { id: 'another' } }),
        await replay(`/${id}/replay`, { fix: named, original: {} }),
        await replay(`/${id}/replay`, { fix: [] }),
      ];
      expect(
        answers.map(({ status, body }) => [status, (body as { error: { code: string } }).error.code]),
      ).toEqual([
        [422, 'fix_unfit'],
        [422, 'fix_insufficient'],
        [422, 'fix_unfit'],
        [400, 'request_invalid'],
        [400, 'request_invalid'],
      ]);
      expect(await service.connection()).toMatchObject({ deadLettered: { refused_distinct_id: 1 } });
    });

    it('of a whole filter replays the events it makes deliverable, and reports the others with their reasons', async () => {
      const events = Array.from({ length: 450 }, nameless);
      await addDeadLetter(...events, 'not an event', { ...nameless(), time: 'never' });
      const request = { fix: named, reason: 'refused_distinct_id' };
      expect((await replay('/replay', { ...request, dryRun: true })).body).toMatchObject({
        ...{ dryRun: true, replayed: 450, left: { invalid_time: 1 } },
        examples: expect.arrayContaining([
          expect.objectContaining({ result: expect.objectContaining({ outcome: 'mapped' }) }),
        ]),
      });
      expect((await replay('/replay', request)).body).toMatchObject({
        replayed: 450,
        left: { invalid_time: 1 },
      });
      expect(await service.settled()).toMatchObject({
        ...{ accepted: 452, imported: 450 },
        deadLettered: { not_an_object: 1, refused_distinct_id: 1 },
      });
      expect([...mixpanel.unique.keys()].sort()).toEqual(events.map(({ id }) => id).sort());
    });

    it.each([
      ['set', [{ set: 'id', value: 'same' }]],
      ['set with another spelling', [{ set: 'i\\d', value: 'same' }]],
      [
        'set elsewhere and renamed',
        [
          { set: 'x', value: 'same' },
          { rename: 'x', to: 'id' },
        ],
      ],
    ])('of many never writes their ids, %s: Mixpanel would keep one of them', async (_how, fix) => {
      const idless = { ...emailSend(), id: null };
      await addDeadLetter(idless, { ...idless, time: idless.time + 1 });
      const before = await service.connection();
      expect(await replay('/replay', { fix })).toMatchObject({
        status: 422,
        body: { error: { code: 'fix_unfit', message: expect.stringContaining('with an id of its own') } },
      });
      expect(await service.connection()).toMatchObject({ deadLettered: before.deadLettered, imported: 0 });
    });

    it('is refused with a message where it nests too deep to be written', async () => {
      await addDeadLetter(nameless());
      const nested = '['.repeat(20_000) + ']'.repeat(20_000);
      const { id } = await only();
      for (const [path, body] of [
        ['/replay', `{"fix":[{"set":"properties.x","value":${nested}}]}`],
        [`/${id}/replay`, `{"fix":[{"set":"properties.x","value":${nested}}]}`],
        [`/${id}/replay`, `{"original":${nested}}`],
      ] as const)
        expect(await replay(path, body)).toMatchObject({
          status: 400,
          body: { error: { message: expect.stringContaining('nests deeper than 64 levels') } },
        });
    });

    it('leaves values of a fix out of the audit log: they may be personal', async () => {
      await addDeadLetter(nameless());
      await replay('/replay', { fix: named });
      const audit = await (await service.get('/api/audit')).text();
      expect(audit).toContain('user.external_user_id');
      expect(audit).not.toContain('customer-1');
    });
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
