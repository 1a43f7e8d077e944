import { describe, expect, it } from 'vitest';
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
    const { connections, complete } = await trace(theirs);
    expect(complete).toBe(true);
    expect(connections.default).toMatchObject({
      pending: [{ id: waiting.id, eventType: 'users.messages.email.Send', nextAttempt: expect.any(String) }],
      deadLetters: [{ id: dead.id, reason: 'invalid_time', explanation: { next: expect.any(String) } }],
      delivered: [
        { id: imported.id, outcome: 'sent' },
        { id: dead.id, outcome: 'dead letter: invalid_time' },
      ],
    });
    expect((await trace('unknown')).connections.default).toEqual({
      pending: [],
      deadLetters: [],
      delivered: [],
    });
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

  it('has their cohorts in Mixpanel and in Braze', async () => {
    await test.world.push([theirs, '$device:1']);
    await test.world.rest();
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
      },
    ]);
    expect((await trace(others)).cohorts).toMatchObject([{ inMixpanel: true, inBraze: false }]);
    expect((await trace('$device:1')).cohorts).toMatchObject([{ as: 'unmatched', inBraze: false }]);
    expect((await trace('unknown')).cohorts).toEqual([]);
  });
});
