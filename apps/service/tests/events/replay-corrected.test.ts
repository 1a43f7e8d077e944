import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDeadLetters, replayLetters } from '../../src/testing/dead-letters.ts';
import { emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const replay = (path: string, body?: unknown) => replayLetters(service, path, body);
const addDeadLetter = (...events: unknown[]) => addDeadLetters(service, mixpanel, ...events);

describe('a replay with a correction', () => {
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
