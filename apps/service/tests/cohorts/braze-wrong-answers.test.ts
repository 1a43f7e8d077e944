import { describe, expect, it } from 'vitest';
import { Gateway, html, inTrack, json, runs, three, track, xml } from '../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';

describe('an unsuccessful answer counts no member, keeps a one-time sync open, and is a problem', () => {
  it.each<[string, Record<string, string>, () => Response]>([
    [
      '/users/track: an error without an index, and nothing processed',
      track,
      () =>
        json({
          message: 'success',
          attributes_processed: 0,
          errors: [{ type: 'x', input_array: 'attributes' }],
        }),
    ],
    [
      '/users/track: an error outside the request',
      track,
      () => json({ message: 'success', errors: [{ type: 'x', index: 99 }] }),
    ],
    [
      '/users/track: an error about identifiers',
      track,
      () => json({ message: 'success', errors: [{ type: 'x', input_array: 'user_identifiers', index: 0 }] }),
    ],
    ['/users/track: a fatal message', track, () => json({ message: 'fatal problem' })],
    [
      '/users/track: a fatal message that names one member',
      track,
      () => json({ message: 'fatal problem', errors: [{ type: 'x', input_array: 'attributes', index: 0 }] }),
    ],
    ['/users/track: nothing processed', track, () => json({ message: 'success', attributes_processed: 0 })],
    ['/users/track: XML with 400', track, () => xml(400)],
    ['/users/track: HTML with 413', track, () => html(413)],
    ['partner import: a cohort that is not known', {}, () => json({ message: 'cohort is not known' })],
    ['partner import: XML with 400', {}, () => xml(400)],
    ['partner import: HTML with 413', {}, () => html(413)],
    ['partner import: every member refused', {}, () => json({ message: 'no such luck' }, 400)],
  ])('%s', async (_, environment, answer) => {
    const gateway = new Gateway();
    gateway.answer = answer;
    const mixpanel = new FakeQueryApi();
    mixpanel.put('12345', three);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '12345:one-time', ...environment },
      {
        fetch: (input, init) =>
          String(input).startsWith(FakeQueryApi.origin)
            ? mixpanel.fetch(input, init)
            : gateway.fetch(input, init),
      },
      three,
    );
    const sync = await world.sync();
    expect(sync).toMatchObject({ status: 'active', sentMembers: 3, brazeMembers: 0 });
    expect(sync.problem?.code).toMatch(/^braze_(answer_contradicts|answer_foreign|refuses_members)$/);
    expect(JSON.stringify(sync)).not.toMatch(/<html|<Error|proxy-17/);
    expect(await runs(world)).toMatchObject([{ outcome: 'failed', sent: 3, accepted: 0, added: 0 }]);
    expect(gateway.requests).toHaveLength(5);

    gateway.answer = undefined;
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ status: 'done', brazeMembers: 3, problem: null });
    expect('BRAZE_PARTNER_API_KEY' in environment ? inTrack(world) : await world.members()).toEqual(three);
  });
});

describe('an answer with remarks that do not deny success', () => {
  it.each([
    ['texts', ['minor problem with one value']],
    ['null', null],
    ['an empty object', {}],
    ['a list of null', [null]],
    ['a text', 'minor problem'],
  ])('counts all members as accepted: errors as %s', async (_, errors) => {
    const gateway = new Gateway();
    gateway.answer = ids => json({ message: 'success', attributes_processed: ids.length, errors });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
    expect(gateway.requests).toHaveLength(1);
  });

  it.each([
    ['no body', () => new Response(null, { status: 204 })],
    ['an empty object', () => json({})],
    ['a queued request', () => json({ message: 'queued' }, 202)],
  ])('counts all members as accepted: %s of the partner import', async (_, answer) => {
    const gateway = new Gateway();
    gateway.answer = answer;
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
  });
});

describe('a page in place of an answer', () => {
  it('with 200 is retried a few times, then the run fails and names the page', async () => {
    const gateway = new Gateway();
    gateway.answer = () => html(200);
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(three);
    const { problem, brazeMembers } = await world.sync();
    expect(brazeMembers).toBe(0);
    expect(problem?.code).toBe('braze_answer_foreign');
    expect(problem?.message).toContain('an HTML page titled "Too much"');
    expect(gateway.requests).toHaveLength(6);
  });

  it('without an end is not read to its end', async () => {
    const gateway = new Gateway();
    let bytes = 0;
    gateway.answer = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            bytes += 65_536;
            controller.enqueue(new Uint8Array(65_536).fill(32));
          },
        }),
        { status: 201 },
      );
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch });
    await world.push(three);
    expect(await world.sync()).toMatchObject({
      brazeMembers: 0,
      problem: { code: 'braze_unreachable' },
    });
    expect(bytes).toBeLessThan(6 * 8 * 65_536);
  });

  it('for one member alone leaves that member unproven, and the others arrive', async () => {
    const gateway = new Gateway();
    gateway.answer = ids => (ids.includes('bob') ? xml(400) : undefined);
    await using world = await CohortWorld.start({}, { fetch: gateway.fetch }, three);
    await world.push(three);
    expect(await world.sync()).toMatchObject({ brazeMembers: 2, problem: { code: 'braze_answer_foreign' } });
    expect(await world.members()).toEqual(['ada', 'cid']);
    gateway.answer = undefined;
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ brazeMembers: 3, problem: null });
    expect(await world.members()).toEqual(three);
  });
});
