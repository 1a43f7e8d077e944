import { describe, expect, it } from 'vitest';
import { Gateway, json, runs, three, track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

const hour = 3_600_000;

describe('a count below the number of sent members', () => {
  it('is halved down to the member that stays unproven; the others are accepted, and it is sent again', async () => {
    const gateway = new Gateway();
    const many = Array.from({ length: 75 }, (_, n) => `user-${n}`);
    gateway.answer = ids =>
      json({ message: 'success', attributes_processed: ids.filter(id => id !== 'user-42').length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(many);
    expect(await world.sync()).toMatchObject({ sentMembers: 75, brazeMembers: 74, problem: null });
    expect(await runs(world)).toMatchObject([
      { outcome: 'sent', sent: 75, accepted: 74, added: 74, refused: 0, unproven: 1 },
    ]);
    gateway.requests.length = 0;
    await world.push(many, { session: 's2' });
    await world.rest();
    expect(gateway.requests).toEqual([['user-42']]);
  });

  it('of a one-time sync keeps it open, and the member is sent again after its interval', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      json({ message: 'success', attributes_processed: ids.filter(id => id !== 'bob').length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch }, three);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ status: 'active', brazeMembers: 2, problem: null });
    gateway.answer = undefined;
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ status: 'done', brazeMembers: 3 });
  });

  it('for every member of a large cohort ends the run after a bounded number of requests', async () => {
    const gateway = new Gateway();
    gateway.answer = () => json({ message: 'success', attributes_processed: 0 });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(Array.from({ length: 6_000 }, (_, n) => `user-${n}`));
    expect(await world.sync()).toMatchObject({ brazeMembers: 0, interrupted: true });
    expect(gateway.requests.length).toBeLessThan(340);
    const before = gateway.requests.length;
    await world.clock.advance(5 * 60_000);
    expect(gateway.requests.length - before).toBeLessThan(340);
  });
});

describe('members that Braze refuses by name', () => {
  const refusingBad = (ids: readonly string[]) =>
    ids.some(id => id.endsWith('-bad'))
      ? json({ message: 'an id is not valid' }, 400)
      : json({ message: 'success', attributes_processed: ids.length });
  const refusing = (gateway: Gateway, bad: (id: string) => boolean) => {
    gateway.answer = ids => (ids.some(bad) ? json({ message: 'an id is not valid' }, 400) : undefined);
  };

  it('do not keep a one-time sync open where they are few', async () => {
    const gateway = new Gateway();
    refusing(gateway, id => id === 'bob');
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch }, three);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(three);
    expect(await world.sync()).toMatchObject({
      ...{ status: 'done', sentMembers: 3, brazeMembers: 2, problem: null },
    });
    expect((await runs(world))[0]).toMatchObject({ outcome: 'sent', accepted: 2, refused: 1, unproven: 0 });
  });

  it('are a problem where they are most of the members that a run sends for the first time, and none in a retry', async () => {
    const gateway = new Gateway();
    const many = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(many);
    await world.rest();
    refusing(gateway, id => id.startsWith('bad'));
    await world.push(['bad-1', 'bad-2', 'good'], { action: 'add_members', session: 's2' });
    expect(await world.sync()).toMatchObject({
      ...{ sentMembers: 23, brazeMembers: 21 },
      problem: { code: 'braze_refuses_members', message: expect.stringContaining('an id is not valid') },
    });
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ sentMembers: 23, brazeMembers: 21, problem: null });
    await world.push(['good-2'], { action: 'add_members', session: 's3' });
    expect(await world.sync()).toMatchObject({ sentMembers: 24, brazeMembers: 22, problem: null });
  });

  it.each([
    ['in one run where they are scattered', (n: number) => n % 75 === 0, 1, 0],
    ['in two runs where many are next to each other', (n: number) => n % 75 === 0 || n % 5_000 < 160, 2, 75],
  ])('are found in a large cohort, and do not keep the others out: %s', async (_, isBad, mostRuns, left) => {
    const gateway = new Gateway();
    const ids = Array.from({ length: 15_000 }, (_, n) => {
      const id = `user-${String(n).padStart(5, '0')}`;
      return isBad(n) ? `${id}-bad` : id;
    });
    const good = ids.filter(id => !id.endsWith('-bad')).length;
    gateway.answer = refusingBad;
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    for (const page of [1, 2, 3])
      await world.push(ids.slice((page - 1) * 5_000, page * 5_000), { page, total: 3 });
    for (let run = 1; run < mostRuns; run++) {
      await world.rest();
      await world.clock.advance(2 * hour);
    }
    const sync = await world.sync();
    expect(sync).toMatchObject({ sentMembers: 15_000, interrupted: false, problem: null });
    expect(sync.brazeMembers).toBeGreaterThanOrEqual(good - left);
    expect(sync.brazeMembers).toBeLessThanOrEqual(good);
  });

  it('do not end the runs that retry many of them', async () => {
    const gateway = new Gateway();
    gateway.answer = refusingBad;
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    const ids = Array.from({ length: 4_000 }, (_, n) => (n % 10 === 0 ? `user-${n}-bad` : `user-${n}`));
    await world.push(ids);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3_600, problem: null });
    await world.push(['zoe'], { action: 'add_members', session: 's2' });
    expect(await world.sync()).toMatchObject({ brazeMembers: 3_601, problem: null, interrupted: false });
  });

  it('do not count where Braze only wants smaller requests: a plan with 50 updates a request', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      ids.length > 50
        ? json({ message: 'Max Input Length Exceeded' }, 400)
        : json({ message: 'success', attributes_processed: ids.length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    for (const page of [1, 2, 3])
      await world.push(
        Array.from({ length: 5_000 }, (_, n) => `user-${page}-${n}`),
        { page, total: 3 },
      );
    expect(await world.sync()).toMatchObject({ brazeMembers: 15_000, problem: null });
    expect(gateway.requests).toHaveLength(600);
  });
});
