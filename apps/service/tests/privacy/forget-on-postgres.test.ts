import { describeWithPostgres, type PostgresServer, startPostgres } from '@braze-mixpanel/storage/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

describeWithPostgres('a user in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it('is traced and forgotten there as in SQLite, by any replica', async () => {
    await using mixpanel = await FakeMixpanel.start();
    await using opened = new AsyncDisposableStack();
    const place = await server.createDatabase();
    opened.defer(() => place.drop());
    const environment = { MIXPANEL_API_URL: mixpanel.url, STORAGE_URL: place.url, DELIVERED_RETENTION: '1h' };
    const ada = opened.use(await RunningService.start(environment));
    const bob = opened.use(await RunningService.start(environment));
    const eventOf = (user: string, changes = {}) =>
      emailSend({ user: { external_user_id: user }, ...changes });

    await ada.post(batchOf(eventOf('leaves'), eventOf('stays'), eventOf('leaves', { time: 'never' })));
    await ada.settled();
    mixpanel.behaviour = answers(503);
    await bob.post(batchOf(eventOf('leaves'), eventOf('stays')));
    const tracing = { method: 'POST', headers: asOperator, body: '{"externalId":"leaves"}' };
    const traced = await (await fetch(`${bob.service.url}/api/trace`, tracing)).json();
    expect(traced).toMatchObject({
      connections: { default: { pending: [{}], deadLetters: [{}], delivered: [{ state: 'accepted' }] } },
    });
    const forgotten = await fetch(`${bob.service.url}/api/forget`, {
      ...{ method: 'POST', headers: asOperator, body: '{"externalId":"leaves","confirm":true}' },
    });
    expect(await forgotten.json()).toMatchObject({
      pending: 1,
      delivered: 2,
      deadLetters: 1,
      complete: true,
    });
    expect(await ada.connection()).toMatchObject({
      ...{ accepted: 5, imported: 2, skipped: { forgotten: 2 }, deadLettered: {}, pending: { events: 1 } },
    });
    mixpanel.behaviour = accepts;
    await ada.settled();
    // Only the other replica delivers from here on: it has the tombstone a second later at the latest, and keeps it.
    await bob.service.close();
    const sent = async () => {
      await ada.post(batchOf(eventOf('leaves')));
      const { imported, skipped } = await ada.settled();
      return { imported, forgotten: skipped.forgotten ?? 0 };
    };
    await vi.waitFor(async () => expect((await sent()).forgotten).toBeGreaterThan(2), { timeout: 10_000 });
    const { imported, forgotten: skipped } = await sent();
    expect(await sent()).toEqual({ imported, forgotten: skipped + 1 });
    const audit = await (await ada.get('/api/audit')).json();
    expect(audit).toMatchObject({ entries: [{ action: 'forget' }] });
  });
});
