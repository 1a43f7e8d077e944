import { describe, expect, it } from 'vitest';
import { braze, hour, ids, type Sent, summary, syncWorld, taken, webhook } from '../testing/sync-world.ts';

const twoHours = { interval: '2h' };
const { world, control, putCohort, changeMembers, sync, shown, lastRun } = syncWorld();

describe('a destination that fails', () => {
  it.each([
    ['500', () => new Response('oops', { status: 500 })],
    ['429', () => new Response('', { status: 429 })],
    ['a success that can not be read', () => new Response('<html>', { status: 200 })],
    [
      'a failure with code 503 in a 200',
      ({ body }: Sent) =>
        Response.json({ action: body.action, status: 'failure', error: { code: 503, message: 'busy' } }),
    ],
    ['no answer', () => Promise.reject(new TypeError('fetch failed'))],
  ])('with %s gets five retries within 60 s, then the whole cohort with the next run', async (_, failing) => {
    await putCohort(ids(1_500));
    world.answer = request =>
      request.body.parameters.page_info.page_count === 2 ? failing(request) : taken(request);
    const id = await sync(webhook, twoHours);
    expect(world.sent.map(summary).map(([, , page]) => page)).toEqual([
      '1/2',
      ...Array<string>(6).fill('2/2'),
    ]);
    expect(world.waits).toEqual([2_000, 4_000, 8_000, 15_000, 31_000]);
    expect(await lastRun(id)).toMatchObject({
      outcome: 'failed',
      retries: 5,
      error: expect.stringContaining('after 5 retries'),
    });

    world.answer = taken;
    world.sent = [];
    await world.mixpanel.clock.advance(2 * hour);
    expect(world.sent.map(summary)).toEqual([
      ['members', 1_000, '1/2'],
      ['members', 500, '2/2'],
    ]);
  });

  it('for a moment gets a retry and the whole cohort', async () => {
    await putCohort(['ada']);
    let failures = 2;
    world.answer = request => (failures-- > 0 ? new Response('', { status: 502 }) : taken(request));
    const id = await sync(webhook, twoHours);
    expect(await lastRun(id)).toMatchObject({ outcome: 'succeeded', retries: 2, requests: 1 });
  });

  it('during an incremental run gets the whole cohort next', async () => {
    await putCohort(['ada', 'bob']);
    await sync(webhook, twoHours);
    world.answer = () => new Response('', { status: 500 });
    await changeMembers(['carl']);
    await world.mixpanel.clock.advance(2 * hour);
    world.answer = taken;
    world.sent = [];
    await world.mixpanel.clock.advance(2 * hour);
    expect(world.sent.map(summary)).toEqual([['members', 3, '1/1']]);
  });

  it.each([400, 401, 403, 404])('with %i pauses the sync until it is started', async status => {
    await putCohort(['ada']);
    world.answer = ({ body }) =>
      Response.json(
        { action: body.action, status: 'failure', error: { message: 'not so', code: status } },
        { status },
      );
    const id = await sync(webhook, twoHours);
    expect(await shown(id)).toMatchObject({
      state: 'paused',
      reason: `the destination answered ${status}: not so`,
      nextRunAt: null,
      history: [{ outcome: 'refused', retries: 0 }],
    });
    await world.mixpanel.clock.advance(10 * hour);
    expect(world.sent).toHaveLength(1);
    world.answer = taken;
    await control('POST', `syncs/${id}/start`);
    await world.mixpanel.clock.advance(0);
    expect(await shown(id)).toMatchObject({
      state: 'waiting',
      reason: null,
      history: [{ outcome: 'succeeded', kind: 'full' }, {}],
    });
    await world.mixpanel.clock.advance(2 * hour);
    expect(world.sent).toHaveLength(4);
  });

  it('and echoes a secret has it redacted everywhere', async () => {
    await putCohort(['ada']);
    world.answer = () =>
      new Response('Partner not enabled for client with client secret: import-key', { status: 401 });
    const id = await sync(braze);
    const text = JSON.stringify(await shown(id));
    expect(text).toContain('client secret: [cut]');
    expect(text).not.toContain('import-key');
  });
});
