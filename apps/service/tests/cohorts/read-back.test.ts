import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedList } from '../../src/cohorts/syncs/stored-list.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const minute = 60_000;
const attribute = 'mixpanel_cohort_12345';
const track = { BRAZE_PARTNER_API_KEY: '', BRAZE_DATA_IMPORT_KEY: '' };
const three = ['ada', 'bob', 'cid'];

const exports = (world: CohortWorld) => world.requests('users-export-ids');
const value = (world: CohortWorld, external_id: string) =>
  world.braze.model.users.attribute(world.braze.model.users.find({ external_id })!, attribute);

/** A Braze that accepts everything and keeps nothing, as with an attribute on its blocklist. */
class Forgetful {
  forgets = true;

  readonly fetch: typeof fetch = async (input, init) =>
    this.forgets && String(input).endsWith('/users/track')
      ? Response.json(
          {
            message: 'success',
            attributes_processed: JSON.parse(String(init?.body)).attributes.length,
          },
          { status: 201 },
        )
      : fetch(input, init);
}

describe('members that Braze accepted', () => {
  it('are read back ten minutes later, and count as confirmed only then', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    await world.push([...three, 'nobody']);
    expect(await world.sync()).toMatchObject({
      ...{ sentMembers: 4, brazeMembers: 4, brazeMembersAt: '2026-03-01T00:00:00.000Z' },
      ...{ confirmedMembers: null, confirmedWhy: 'not read back yet' },
    });
    await world.clock.advance(10 * minute - 1);
    expect(exports(world)).toHaveLength(0);
    await world.clock.advance(1);
    expect(await world.sync()).toMatchObject({
      ...{ confirmedMembers: 3, confirmedOf: 3, confirmedAt: '2026-03-01T00:10:00.000Z' },
      ...{ confirmedWhy: null, problem: null },
    });
    const { body } = await world.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([
      { trigger: 'read-back', outcome: 'confirmed', sent: 0, confirmed: 3, readBack: 3 },
      { trigger: 'webhook', outcome: 'sent', sent: 4, accepted: 4, confirmed: null },
    ]);
  });

  it('and left the cohort are confirmed by an attribute that is no longer true', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    await world.push(three);
    await world.rest();
    await world.clock.advance(10 * minute);
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    await world.clock.advance(10 * minute);
    expect(await world.sync()).toMatchObject({ brazeMembers: 2, confirmedMembers: 1, confirmedOf: 1 });
  });

  it('are read in one request of 50 at most', async () => {
    await using world = await CohortWorld.start(track);
    await world.push(Array.from({ length: 400 }, (_, n) => `user-${n}`));
    await world.rest();
    await world.clock.advance(10 * minute);
    expect(exports(world)).toHaveLength(1);
    expect(await world.sync()).toMatchObject({
      ...{ confirmedMembers: null, problem: null },
      confirmedWhy: 'none of the sampled members is a Braze user',
    });
  });

  it('and sent while an earlier sample waits are read back ten minutes after they were sent, too', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    await world.push(three);
    await world.rest();
    await world.clock.advance(5 * minute);
    await world.push(['ghost-1', '=cmd|x'], { action: 'add_members', session: 's2' });
    await world.rest();
    await world.clock.advance(5 * minute);
    expect(await world.sync()).toMatchObject({ confirmedMembers: 3, confirmedOf: 3, unknownMembers: 0 });
    await world.clock.advance(5 * minute);
    expect(exports(world)).toHaveLength(2);
    expect(await world.sync()).toMatchObject({
      ...{ confirmedMembers: null, confirmedOf: null, unknownMembers: 2 },
      confirmedWhy: 'none of the sampled members is a Braze user',
    });
  });

  it('and were sent again while their sample waits are read with what was sent last', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    await world.push(three);
    await world.rest();
    for (const [action, session] of [
      ['remove_members', 's2'],
      ['add_members', 's3'],
    ] as const) {
      await world.clock.advance(3 * minute);
      await world.push(['ada'], { action, session });
      await world.rest();
    }
    await world.clock.advance(10 * minute);
    expect(exports(world).map(({ body }) => JSON.stringify(body))).toEqual([
      expect.stringContaining('bob'),
      expect.stringContaining('ada'),
    ]);
    expect(await world.sync()).toMatchObject({ confirmedMembers: 1, confirmedOf: 1, problem: null });
  });

  it('and are missing are a problem, are sent again, and end the problem once they are there', async () => {
    const braze = new Forgetful();
    await using world = await CohortWorld.start(track, { fetch: braze.fetch }, three);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ status: 'done', brazeMembers: 3, problem: null });
    await world.clock.advance(10 * minute);
    expect(await world.sync()).toMatchObject({
      ...{ status: 'active', sentMembers: 3, brazeMembers: 0, confirmedMembers: 0, confirmedOf: 3 },
      lastSuccess: '2026-03-01T00:00:00.000Z',
      problem: { code: 'braze_lacks_members' },
    });
    const ofReplica = await storedList(world.storage.cohorts, () => world.clock.now());
    expect(ofReplica).toMatchObject([{ problem: { code: 'braze_lacks_members' } }]);

    // Sent again and still dropped: the problem stays, although Braze accepts them again, and it is no
    // success.
    await world.clock.advance(5 * minute);
    expect(await world.sync()).toMatchObject({
      ...{ brazeMembers: 3, lastSuccess: '2026-03-01T00:00:00.000Z' },
      problem: { code: 'braze_lacks_members' },
    });
    await world.clock.advance(10 * minute);
    expect(await world.sync()).toMatchObject({ brazeMembers: 0, problem: { code: 'braze_lacks_members' } });

    braze.forgets = false;
    await world.clock.advance(20 * minute);
    expect(await world.sync()).toMatchObject({
      ...{ status: 'done', brazeMembers: 3, confirmedMembers: 3, confirmedOf: 3, problem: null },
      lastSuccess: '2026-03-01T00:45:00.000Z',
    });
    expect(three.map(id => value(world, id))).toEqual([true, true, true]);
  });

  it.each(['dynamic', 'one-time'])(
    'of which most of a sample is missing are all sent again, once the sample is there: a %s sync',
    async mode => {
      const braze = new Forgetful();
      const users = Array.from({ length: 120 }, (_, n) => `user-${n}`);
      await using world = await CohortWorld.start(track, { fetch: braze.fetch }, users);
      await world.api('POST', '', { cohort: '12345', mode, source: 'webhook' });
      await world.push(users);
      await world.rest();
      await world.clock.advance(10 * minute);
      expect(await world.sync()).toMatchObject({ confirmedMembers: 0, confirmedOf: 50 });
      braze.forgets = false;
      await world.clock.advance(40 * minute);
      expect(await world.sync()).toMatchObject({
        ...{ status: mode === 'one-time' ? 'done' : 'active', brazeMembers: 120, problem: null },
        ...{ confirmedMembers: 50, confirmedOf: 50 },
      });
      expect(users.filter(id => value(world, id) !== true)).toEqual([]);
      const sent = world.requests('users-track').length;
      await world.clock.advance(60 * minute);
      expect(world.requests('users-track')).toHaveLength(sent);
    },
  );

  it('that stay missing are sent again less and less often', async () => {
    const braze = new Forgetful();
    await using world = await CohortWorld.start(track, { fetch: braze.fetch }, three);
    await world.push(three);
    await world.rest();
    await world.clock.advance(24 * 60 * minute);
    expect(exports(world).length).toBeLessThan(20);
  });
});

describe('the read-back of members', () => {
  it('with a key without the permission has no result but a reason, and fails no run', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    world.braze.simulator.faults.add({ route: 'users-export-ids', kind: 'status', status: 403 });
    await world.push(three);
    await world.rest();
    await world.clock.advance(60 * minute);
    expect(exports(world)).toHaveLength(1);
    expect(await world.sync()).toMatchObject({
      ...{ brazeMembers: 3, confirmedMembers: null, confirmedOf: null, problem: null },
      confirmedWhy: expect.stringContaining('users.export.ids'),
    });
  });

  it('is repeated a few times while Braze fails', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    world.braze.simulator.faults.add({ route: 'users-export-ids', kind: 'status', status: 500, times: 2 });
    await world.push(three);
    await world.rest();
    await world.clock.advance(20 * minute);
    expect(await world.sync()).toMatchObject({ confirmedMembers: null, problem: null });
    await world.clock.advance(10 * minute);
    expect(await world.sync()).toMatchObject({ confirmedMembers: 3, confirmedWhy: null });
  });

  it('does not exist for the partner import', async () => {
    await using world = await CohortWorld.start({}, {}, three);
    await world.push(three);
    await world.rest();
    await world.clock.advance(60 * minute);
    expect(exports(world)).toHaveLength(0);
    expect(await world.sync()).toMatchObject({
      ...{ brazeMembers: 3, confirmedMembers: null, confirmedOf: null },
      confirmedWhy: 'Braze exports no members of partner cohorts',
    });
  });

  it('is not done by a paused sync', async () => {
    await using world = await CohortWorld.start(track, {}, three);
    await world.push(three);
    await world.rest();
    await world.api('POST', '/12345/pause');
    await world.clock.advance(60 * minute);
    expect(exports(world)).toHaveLength(0);
    await world.api('POST', '/12345/start');
    await world.clock.advance(1);
    expect((await world.sync()).confirmedMembers).toBe(3);
  });
});

it('a user who is forgotten in between is not read back', async () => {
  await using world = await CohortWorld.start(track, {}, three);
  await world.push(three);
  await world.rest();
  const answer = await fetch(`${world.service.service.url}/api/forget`, {
    method: 'POST',
    headers: asOperator,
    body: JSON.stringify({ externalId: 'ada', confirm: true }),
  });
  expect(answer.status).toBe(200);
  await world.clock.advance(10 * minute);
  expect(await world.sync()).toMatchObject({ brazeMembers: 2, confirmedMembers: 2, confirmedOf: 2 });
  expect(JSON.stringify(exports(world).map(({ body }) => body))).not.toContain('ada');
});

it('a user who is forgotten leaves the sample that waits behind another, and the rest is read', async () => {
  await using world = await CohortWorld.start(track, {}, three);
  await world.push(['ada']);
  await world.rest();
  await world.clock.advance(5 * minute);
  await world.push(['bob', 'cid'], { action: 'add_members', session: 's2' });
  await world.rest();
  for (const externalId of ['ada', 'bob'])
    await fetch(`${world.service.service.url}/api/forget`, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify({ externalId, confirm: true }),
    });
  await world.clock.advance(10 * minute);
  expect(await world.sync()).toMatchObject({ confirmedMembers: 1, confirmedOf: 1 });
  expect(exports(world)).toHaveLength(1);
  expect(JSON.stringify(exports(world)[0]!.body)).toContain('cid');
  expect(JSON.stringify(exports(world)[0]!.body)).not.toMatch(/ada|bob/);
});

it('a restart in between keeps the sample', async () => {
  await using folder = await temporaryFolder();
  const environment = { ...track, STORAGE_URL: `sqlite:${join(folder.path, 'service.db')}` };
  await using world = await CohortWorld.start(environment, {}, three);
  await world.push(three);
  await world.rest();
  await world.service.service.close();
  await using again = await world.replica();
  await again.rest();
  await again.clock.advance(10 * minute);
  expect((await again.sync()).confirmedMembers).toBe(3);
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'read-back-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
