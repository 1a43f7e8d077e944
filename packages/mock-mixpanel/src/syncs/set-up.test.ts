import { describe, expect, it } from 'vitest';
import { braze, hour, syncWorld, taken, webhook } from '../testing/sync-world.ts';

const { world, control, putCohort, sync, shown } = syncWorld();

describe('a running sync', () => {
  it("can't be run a second time, and finishes before a pause", async () => {
    await putCohort(['ada']);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    world.answer = async request => {
      reached.resolve();
      await gate.promise;
      return taken(request);
    };
    const { body } = await control('POST', 'syncs', { cohort: 12345, destination: webhook });
    await reached.promise;
    expect(await control('POST', `syncs/${body.id}/run`)).toMatchObject({
      status: 409,
      body: { error: "sync-1 can't run now: it is syncing." },
    });
    expect((await control('POST', `syncs/${body.id}/pause`)).body).toMatchObject({ state: 'pausing' });
    gate.resolve();
    await world.mixpanel.clock.advance(4 * hour);
    expect(await shown('sync-1')).toMatchObject({
      state: 'paused',
      reason: 'paused by request',
      history: [{ outcome: 'succeeded' }],
    });
    expect(world.sent).toHaveLength(1);
  });
});

describe('setting up a sync', () => {
  it('returns it without secrets, with its next run', async () => {
    await putCohort(['ada']);
    const id = await sync(braze);
    expect(await shown(id)).toMatchObject({
      id: 'sync-1',
      cohort: 12345,
      mode: 'dynamic',
      interval: 7_200_000,
      destination: {
        type: 'braze',
        restEndpoint: 'http://braze.example/',
        dataImportKey: '[cut]',
        partnerApiKey: '[cut]',
      },
      nextRunAt: '2026-01-31T14:00:00.000Z',
    });
  });

  it.each([
    ['braze', braze, 2 * hour],
    ['a webhook', webhook, hour / 2],
  ])('without an interval has the one of its destination: %s', async (_, destination, interval) => {
    await putCohort(['ada']);
    expect(await shown(await sync(destination))).toMatchObject({ interval });
    expect(await shown(await sync(destination, { interval: '15m' }))).toMatchObject({ interval: hour / 4 });
  });

  it('stops with its deletion', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook);
    await control('DELETE', `syncs/${id}`);
    await world.mixpanel.clock.advance(4 * hour);
    expect([world.sent.length, (await control('GET', `syncs/${id}`)).status]).toEqual([1, 404]);
  });

  it('pauses when its cohort is deleted', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook);
    await control('DELETE', 'cohorts/12345');
    await world.mixpanel.clock.advance(2 * hour);
    expect(await shown(id)).toMatchObject({ state: 'paused', reason: 'cohort 12345 does not exist' });
  });

  it('is limited to 60 recurring syncs', async () => {
    await putCohort([]);
    for (let count = 0; count < 60; count++)
      await control('POST', 'syncs', { cohort: 12345, destination: webhook });
    expect((await control('POST', 'syncs', { cohort: 12345, destination: webhook })).status).toBe(409);
    expect(
      (await control('POST', 'syncs', { cohort: 12345, destination: webhook, mode: 'one-time' })).status,
    ).toBe(201);
  });

  it.each([
    [{ cohort: 99, destination: webhook }, /no cohort 99 to sync/],
    [{ cohort: 12345 }, /destination.*For example/],
    [
      { cohort: 12345, destination: { ...webhook, url: 'ftp://x' } },
      /destination\.url must be an http or https address/,
    ],
    [{ cohort: 12345, destination: webhook, interval: 'often' }, /interval must be a duration/],
  ])('as %j is rejected in a plain sentence', async (body, sentence) => {
    await putCohort([]);
    expect(await control('POST', 'syncs', body)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
  });
});
