import { describe, expect, it } from 'vitest';
import type { DeliveredPage, Trace } from '../../src/privacy/trace.ts';
import { batchOf } from '../../src/testing/events.ts';
import { answers } from '../../src/testing/fake-mixpanel.ts';
import { eventOf, others, privacyTest, theirs } from '../../src/testing/privacy-test.ts';

const test = privacyTest();
const { trace, traceBy } = test;

describe('the trace of a user', () => {
  it('has the outcome of each of their events, with its reason', async () => {
    const { service } = test.world;
    const imported = eventOf(theirs);
    const dead = eventOf(theirs, { time: 'never' });
    await service.post(batchOf(imported, eventOf(others), dead));
    await service.settled();
    test.mixpanel.behaviour = answers(503);
    const waiting = eventOf(theirs);
    await service.post(batchOf(waiting));
    await service.until(({ delivery }) => (delivery?.failuresInARow ?? 0) > 0);
    // During an attempt there is no next one.
    await expect
      .poll(async () => (await trace(theirs)).connections.default?.pending)
      .toMatchObject([
        { id: waiting.id, eventType: 'users.messages.email.Send', nextAttempt: expect.any(String) },
      ]);
    const { connections, complete } = await trace(theirs);
    expect(complete).toBe(true);
    expect(connections.default!.deadLetters).toMatchObject([
      { id: dead.id, reason: 'invalid_time', explanation: { next: expect.any(String) } },
    ]);
    expect(connections.default!.pending[0]).toMatchObject({ state: 'waiting', history: [] });
    expect(connections.default!.deadLetters[0]).toMatchObject({ state: 'invalid', history: [] });
    expect(connections.default!.delivered).toMatchObject([{ id: imported.id, state: 'accepted' }]);
    expect((await trace('unknown')).connections.default).toEqual({
      pending: [],
      deadLetters: [],
      delivered: [],
    });
  });

  it('has the newest delivered events first, and pages to the oldest', async () => {
    const { service } = test.world;
    const sent = Array.from({ length: 7 }, () => eventOf(theirs));
    const [first, second] = [sent.slice(0, 4), sent.slice(4)];
    await service.post(batchOf(first[0]!, eventOf(others), ...first.slice(1)));
    await service.settled();
    await service.post(batchOf(...second));
    await service.settled();
    const pages: unknown[][] = [];
    let { connections, older, complete } = (await (
      await traceBy({ externalId: theirs, limit: 2 })
    ).json()) as Trace;
    expect(complete).toBe(false);
    pages.push(connections.default!.delivered!.map(({ id }) => id));
    while (older !== null) {
      const response = await test.traceDelivered({ externalId: theirs, before: older, limit: 2 });
      const page = (await response.json()) as DeliveredPage;
      pages.push(page.delivered.map(({ id }) => id));
      for (const event of page.delivered)
        expect(event).toMatchObject({ connection: 'default', state: 'accepted' });
      older = page.older;
    }
    const ids = sent.map(({ id }) => id).reverse();
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4, 6), ids.slice(6)]);
    expect(await trace(theirs)).toMatchObject({ older: null, complete: true });
  });

  it('refuses a cursor and a page size that are none', async () => {
    for (const page of [{ before: '7' }, { before: '7-' }, { before: '7-1', limit: 201 }, { limit: 0 }]) {
      const response = await test.traceDelivered({ externalId: theirs, ...page });
      expect(response.status).toBe(400);
    }
    expect((await traceBy({ externalId: theirs, limit: 0 })).status).toBe(400);
  });

  it.each(['.', '..', 'a/b?c#d%2e&e=f', '𝒶 +'])('accepts any id, such as %s', async user => {
    const dead = eventOf(user, { time: 'never' });
    await test.world.service.post(batchOf(dead));
    await test.world.service.settled();
    expect((await trace(user)).connections.default).toMatchObject({ deadLetters: [{ id: dead.id }] });
  });

  it('is not available by an address that contains the id', async () => {
    for (const path of ['/api/trace?external_id=ada', '/api/trace/ada'])
      expect([404, 405]).toContain((await test.world.service.get(path)).status);
  });

  it('is rejected with a reason if the id is empty or missing', async () => {
    for (const body of [{ externalId: '' }, {}]) {
      const response = await traceBy(body);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/externalId(: the ID is empty| is missing; it must be text)/);
    }
  });

  it('has their cohorts in Mixpanel, with the time of its list, and in Braze', async () => {
    await test.world.push([theirs, '$device:1']);
    await test.world.rest();
    const first = (await trace(theirs)).cohorts[0]?.mixpanelReadAt;
    await test.world.clock.advance(60_000);
    await test.world.api('POST', '/12345/pause');
    await test.world.push([others], { session: 's2' });
    await test.world.rest();
    expect((await trace(theirs)).cohorts).toMatchObject([
      {
        cohort: '12345',
        name: 'Power users',
        as: 'external_id',
        inMixpanel: false,
        inBraze: true,
        refused: false,
        mixpanelReadAt: new Date(Date.parse(first!) + 60_000).toISOString(),
      },
    ]);
    expect((await trace(others)).cohorts).toMatchObject([{ inMixpanel: true, inBraze: false }]);
    expect((await trace('$device:1')).cohorts).toMatchObject([{ as: 'unmatched', inBraze: false }]);
    expect((await trace('unknown')).cohorts).toEqual([]);
  });
});
