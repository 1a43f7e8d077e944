import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { Gateway, json, track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf } from '../../src/testing/events.ts';
import { accepts, answers } from '../../src/testing/fake-mixpanel.ts';
import { eventOf, others, privacyTest, theirs } from '../../src/testing/privacy-test.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const test = privacyTest();
const { forget, onDisk, trace } = test;

describe('the removal of a user', () => {
  it('deletes their events from the queue, delivered bodies and dead letters, keeps all others, and reports the counts', async () => {
    const { service } = test.world;
    await service.post(batchOf(eventOf(theirs), eventOf(others)));
    await service.post(batchOf(eventOf(theirs, { time: 'never' }), eventOf(others, { time: 'never' })));
    await service.settled();
    test.mixpanel.behaviour = answers(503);
    const staying = eventOf(others);
    await service.post(batchOf(eventOf(theirs), staying, eventOf(theirs)));
    await service.post(batchOf(eventOf(theirs)));
    await service.until(({ pending }) => pending.events === 4);

    expect((await forget()).body).toMatchObject({
      ...{ digest: expect.stringMatching(/^[\da-f]{32}$/), pending: 3, delivered: 2, deadLetters: 1 },
      ...{ stillBeingDelivered: 0, complete: true },
    });
    expect(await service.connection()).toMatchObject({
      accepted: 8,
      imported: 2,
      skipped: { forgotten: 4 },
      deadLettered: { invalid_time: 1 },
      pending: { events: 1, batches: 1 },
    });
    const bytes = await onDisk();
    expect(bytes).not.toContain(theirs);
    expect(bytes).toContain(others);

    test.mixpanel.behaviour = accepts;
    expect(await service.settled()).toMatchObject({ imported: 3 });
    expect([...test.mixpanel.unique.keys()]).toContain(staying.id);
    expect((await forget()).body).toMatchObject({ pending: 0, delivered: 0, deadLetters: 0, complete: true });
  });

  it('finds an id with half a surrogate pair, in either form, in events and cohorts', async () => {
    const half = `${theirs}\ud83c`;
    await test.world.service.post(batchOf(eventOf(half), eventOf(others)));
    await test.world.service.settled();
    await test.world.push([half, others]);
    await test.world.rest();
    // An address holds no half of a pair, so a trace can only ask for the other form.
    expect(await trace(half.toWellFormed())).toMatchObject({
      connections: { default: { delivered: [{ state: 'accepted' }] } },
      cohorts: [{ inMixpanel: true }],
    });
    expect((await forget({ externalId: half, confirm: true })).body).toMatchObject({
      ...{ delivered: 1, cohorts: { syncs: 1 }, complete: true },
    });
    expect(await trace(half.toWellFormed())).toMatchObject({
      connections: { default: { delivered: [] } },
      cohorts: [],
    });
  });

  it('finds them in repeated keys of an event, and in data beside the events', async () => {
    const { service } = test.world;
    test.mixpanel.behaviour = answers(503);
    const user = JSON.stringify({ external_user_id: theirs });
    const bob = JSON.stringify(eventOf(others));
    await service.post(`{"events":[${bob.replace('{', `{"user":${user},`)},${bob}]}`);
    await service.post(`{"events":[${bob}],"partner":${user}}`);
    await service.until(({ pending }) => pending.events === 3);
    expect((await trace(theirs)).connections.default).toMatchObject({ pending: [{}, { id: null }] });
    expect((await forget()).body).toMatchObject({ pending: 1, complete: true });
    expect(await onDisk()).not.toContain(theirs);
    test.mixpanel.behaviour = accepts;
    expect(await service.settled()).toMatchObject({ imported: 2, skipped: { forgotten: 1 } });
  });

  it('deletes them from snapshots, waiting pages and unmatched members, without a request to Braze', async () => {
    await test.world.push([theirs, others, '$device:1']);
    await test.world.rest();
    await test.world.push([theirs, others], { session: 's2', page: 1, total: 2 });
    const sent = test.world.requests('partner-cohorts-users').length;
    expect((await forget()).body).toMatchObject({ cohorts: { syncs: 1, members: 1, pages: 1, later: [] } });
    expect(await test.world.sync()).toMatchObject({ brazeMembers: 1, mixpanelMembers: 2, unmatched: 1 });
    expect(test.world.requests('partner-cohorts-users')).toHaveLength(sent);
    expect(await onDisk()).not.toContain(theirs);

    expect((await forget({ externalId: '$device:1', confirm: true })).body).toMatchObject({
      cohorts: { members: 1 },
    });
    expect(await test.world.sync()).toMatchObject({ unmatched: 0 });
    // The group is completed as if nothing had happened.
    await test.world.push(['customer-who-joins'], { session: 's2', page: 2, total: 2 });
    expect(await test.world.sync()).toMatchObject({ brazeMembers: 2, problem: null });
  });

  it('deletes them from the ledgers of runs, with the messages of Braze that name them', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      ids.some(id => id === theirs || id === 'refused')
        ? json({ message: `no user ${theirs} here` }, 400)
        : undefined;
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    const ledger = async (run: number | string) =>
      (await world.api('GET', `/12345/members?run=${run}`)).body as { run: number; members: object[] };
    await world.push([theirs, 'refused', 'ada', '$device:1']);
    await world.rest();
    const { run: first, members } = await ledger('last');
    expect(members).toHaveLength(3);
    await world.push([theirs], { action: 'remove_members', session: 's2' });
    await world.rest();
    const answer = await fetch(`${world.service.service.url}/api/forget`, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify({ externalId: theirs, confirm: true }),
    });
    expect(await answer.json()).toMatchObject({ cohorts: { syncs: 1, ledgerEntries: 2 }, complete: true });
    expect((await ledger(first)).members).toMatchObject([
      { id: '$device:1', state: 'unmatched' },
      { id: 'refused', state: 'refused', message: null },
    ]);
    expect(JSON.stringify([await ledger(first), await ledger('last')])).not.toContain(theirs);
  });

  it('names the cohorts that still have the user in Mixpanel: by the newest list, or a waiting page', async () => {
    const { world } = test;
    await world.push([theirs, others], { cohort: '1', name: 'Listed' });
    await world.push([others], { cohort: '2', name: 'Without them' });
    await world.push([theirs, others], { cohort: '3', name: 'Former' });
    await world.rest();
    await world.push([others], { cohort: '3', name: 'Former', session: 's2' });
    await world.push([others], { cohort: '5', name: 'Leaving' });
    await world.rest();
    await world.push([theirs], { cohort: '4', name: 'Waiting', page: 1, total: 2 });
    await world.push([theirs], {
      ...{ cohort: '5', name: 'Leaving', action: 'remove_members', session: 's3', page: 1, total: 2 },
    });
    const { cohorts } = (await forget()).body;
    expect(cohorts.stillInMixpanel).toEqual([
      { sync: 'default:1', connection: 'default', cohort: '1', name: 'Listed' },
      { sync: 'default:4', connection: 'default', cohort: '4', name: 'Waiting' },
    ]);
    expect((await forget()).body.cohorts.stillInMixpanel).toEqual([]);
  });

  it('leaves a digest in the audit log, and nothing else of the id', async () => {
    await test.world.service.post(batchOf(eventOf(theirs)));
    await test.world.service.settled();
    const { digest, receipt } = (await forget()).body;
    expect(digest).toBe(receipt?.number);
    const text = await (await test.world.service.get('/api/audit')).text();
    expect(text).toContain(digest);
    expect(text).not.toContain(theirs);
  });

  it('leaves no digest that can be computed from the id alone: neither in answers nor in the audit log', async () => {
    const said = [(await forget()).body, await test.lift()];
    const audit = await (await test.world.service.get('/api/audit')).text();
    const all = [JSON.stringify(said), audit].join('\n').toLowerCase();
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'])
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        const digest = createHash(algorithm).update(theirs).digest(encoding).toLowerCase();
        expect(all).not.toContain(digest.slice(0, 16));
      }
  });

  it.each([
    ['no confirmation', { externalId: theirs }],
    ['no id', { confirm: true }],
    ['an empty id', { externalId: '', confirm: true }],
  ])('is rejected with %s', async (_what, body) => {
    expect((await forget(body)).status).toBe(400);
  });

  it('accepts an id as long as one in events may be', async () => {
    expect((await forget({ externalId: 'x'.repeat(20_000), confirm: true })).status).toBe(200);
  });

  it('lists other places that may have the user, and how to ask there', async () => {
    const { body } = await forget();
    expect(body).toMatchObject({
      outOfReach: ['Mixpanel', 'Braze', 'exported files', 'copies'].map(where => ({ where })),
    });
  });

  it('reports what failed in the answer and the audit log, and can be repeated', async () => {
    await test.world.push([theirs], { cohort: '1' });
    await test.world.push([theirs], { cohort: '2' });
    await test.world.rest();
    await test.world.service.post(batchOf(eventOf(theirs)));
    await test.world.service.settled();
    const commit = vi.spyOn(test.world.storage.cohorts, 'commit').mockRejectedValueOnce(new Error('refused'));
    const { status, body } = await forget();
    commit.mockRestore();
    expect(status).toBe(200);
    expect(body).toMatchObject({ delivered: 1, complete: false, cohorts: { syncs: 1, members: 1 } });
    expect(body.cohorts.later).toHaveLength(1);
    const { entries } = (await (await test.world.service.get('/api/audit')).json()) as {
      entries: { action: string; detail: unknown }[];
    };
    expect(entries[0]).toMatchObject({ action: 'forget', detail: { complete: false, delivered: 1 } });
    expect((await forget()).body).toMatchObject({ complete: true, cohorts: { syncs: 1, members: 1 } });
  });
});
