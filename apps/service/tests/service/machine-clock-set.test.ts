import { afterEach, beforeEach, expect, it } from 'vitest';
import { epochMs } from '../../src/clock/index.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';

const HOUR = 3_600_000;

/** Changes of the machine's clock: every reading may be hours off the one before. */
const jumps = [0, 6 * HOUR, -6 * HOUR, 24 * HOUR, -1 * HOUR];
let readings = 0;
const jumping = () => epochMs(Date.now() + jumps[readings++ % jumps.length]!);

let mixpanel: FakeMixpanel;
let world: CohortWorld;
beforeEach(async () => {
  readings = 0;
  mixpanel = await FakeMixpanel.start();
  world = await CohortWorld.start({ MIXPANEL_API_URL: mixpanel.url }, { now: jumping }, ['ada', 'grace']);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

it('events are delivered once, retries and all, while the machine’s clock jumps by hours', async () => {
  mixpanel.plays(answers(503), answers(429, {}, { 'retry-after': new Date(0).toUTCString() }), request => {
    request.store();
    request.cut();
  });
  const batches = Array.from({ length: 20 }, () => emails(5));
  for (const events of batches) expect((await world.service.post(batchOf(...events))).status).toBe(200);
  const { imported, accepted, pending } = await world.service.settled();
  expect([accepted, imported, pending.oldestSeconds]).toEqual([100, 100, null]);
  expect([...mixpanel.unique.keys()].sort()).toEqual(
    batches
      .flat()
      .map(({ id }) => id)
      .sort(),
  );
});

it('the age of a backlog is never negative, for any machine time', async () => {
  mixpanel.behaviour = answers(503);
  await world.service.post(batchOf(...emails(1)));
  for (const _ of jumps) {
    const { pending } = await world.service.connection();
    expect(pending.oldestSeconds).toBeGreaterThanOrEqual(0);
  }
  mixpanel.behaviour = accepts;
  await world.service.settled();
});

it('cohorts reach Braze while the machine’s clock jumps by hours', async () => {
  world.braze.simulator.faults.add({ route: 'partner-cohorts-users', kind: 'status', status: 503, times: 1 });
  await world.push(['ada', 'grace'], { session: 's1' });
  await world.rest();
  await world.push(['grace'], { session: 's2' });
  await world.rest();
  expect(await world.members()).toEqual(['grace']);
});
