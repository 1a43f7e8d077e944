import { describe, expect, it, vi } from 'vitest';
import type { MembersJson } from '../../src/cohorts/ledger/list-members.ts';
import { countedDays, sentDays } from '../../src/cohorts/ledger/sent-on-days.ts';
import { Gateway, html, inTrack, json, runs, track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

const minute = 60_000;
const start = '2026-03-01T00:00:00.000Z';

async function ledger(world: CohortWorld, query = ''): Promise<MembersJson> {
  const { status, body } = await world.api('GET', `/12345/members${query}`);
  expect(body.error).toBeUndefined();
  expect(status).toBe(200);
  return body as unknown as MembersJson;
}

/** Members as `id: state`, with what only some of them have. */
const short = ({ members }: MembersJson) =>
  members.map(({ id, state, leaving, because, message }) =>
    [`${id}: ${state}`, leaving && state !== 'removed' ? 'leaving' : '', because ?? '', message ?? '']
      .filter(text => text !== '')
      .join(', '),
  );

describe('the ledger of a run', () => {
  it('lists unmatched members with the reason, and counts those without an ID', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada']);
    await world.push(['ada', '$device:1', 'null', { email: 'a@example.com' }, { mixpanel_distinct_id: ' ' }]);
    await world.rest();
    const page = await ledger(world, '?state=unmatched');
    expect(short(page)).toEqual(['null: unmatched, placeholder', '$device:1: unmatched, no_user']);
    expect(page).toMatchObject({ next: null, report: { mixpanelMembers: 5, unmatched: 4 } });
    expect(page.report?.states).toEqual({
      ...{ accepted: 1, unmatched: 4, refused: 0, unproven: 0, waiting: 0, removed: 0, leaving: 0 },
    });
    expect(page.members[0]).toMatchObject({ kind: 'distinct_id', sentAt: null, readAt: null });
  });

  it('lists members that Braze refuses with its message, and when they were sent', async () => {
    const gateway = new Gateway();
    gateway.answer = ids =>
      json({
        ...{ message: 'success', attributes_processed: ids.filter(id => !id.startsWith('bad')).length },
        errors: ids.flatMap((id, index) =>
          id.startsWith('bad') ? [{ type: `${id} is no id`, input_array: 'attributes', index }] : [],
        ),
      });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(['ada', 'bad-1', 'bob', 'bad-2', 'cy']);
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['bad-1: refused, bad-1 is no id', 'bad-2: refused, bad-2 is no id']);
    expect(page.members[0]).toMatchObject({ kind: 'external_id', sentAt: start });
    expect(page.report?.states).toMatchObject({ accepted: 3, refused: 2, leaving: 0 });
  });

  it('lists members that Braze refuses one by one, and members whose answer proves nothing', async () => {
    const gateway = new Gateway();
    gateway.answer = ids => {
      if (ids.includes('bad')) return json({ message: 'an id is not valid' }, 400);
      return json({ message: 'success', attributes_processed: ids.filter(id => id !== 'odd').length });
    };
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch });
    await world.push(['ada', 'bad', 'bob', 'odd', 'cy', 'dan', 'eve']);
    await world.rest();
    expect(short(await ledger(world))).toEqual([
      'bad: refused, Braze returned 400: {"message":"an id is not valid"}',
      'odd: unproven, Braze returned 201: {"message":"success","attributes_processed":0}',
    ]);
    await world.push(['bad'], { action: 'remove_members', session: 's2' });
    await world.rest();
    const page = await ledger(world, '?state=refused');
    expect(short(page)).toEqual([
      'bad: refused, leaving, Braze returned 400: {"message":"an id is not valid"}',
    ]);
    expect(page.report).toMatchObject({ mixpanelMembers: 6, states: { accepted: 5, leaving: 1 } });
  });

  it('lists all members as waiting while Braze is down, and none once it has them', async () => {
    const gateway = new Gateway();
    gateway.answer = () => json({ message: 'down' }, 500);
    await using world = await CohortWorld.start(
      { ...track, DELIVERY_RETRY_BASE: '1ms', DELIVERY_RETRY_MAX: '1ms' },
      { fetch: gateway.fetch },
      ['ada', 'bob'],
    );
    await world.push(['ada', 'bob']);
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['ada: waiting', 'bob: waiting']);
    expect(page).toMatchObject({ report: { outcome: 'failed', states: { accepted: 0, waiting: 2 } } });
    expect(page.members[0]?.sentAt).toBeNull();
    gateway.answer = undefined;
    await world.clock.advance(5 * minute);
    await world.rest();
    const after = await ledger(world);
    expect(short(after)).toEqual([]);
    expect(after.report?.states).toMatchObject({ accepted: 2, waiting: 0 });
    expect(short(await ledger(world, `?run=${page.run}`))).toEqual(['ada: waiting', 'bob: waiting']);
  });

  it.each([
    ['were lost after Braze applied the change', 'ECONNRESET', true],
    ['were the page of a gateway', 'html', true],
    ['could not come, since there was no connection', 'ECONNREFUSED', false],
  ])('of a run whose answers %s says what may have reached Braze', async (_, failure, mayApply) => {
    const gateway = new Gateway();
    let isFailing = true;
    const failing: typeof fetch = async (input, init) => {
      const path = new URL(String(input)).pathname;
      if (!isFailing || path !== '/users/track' || failure === 'ECONNREFUSED')
        return gateway.fetch(input, init);
      const answer = await gateway.fetch(input, init);
      if (failure === 'html') return html(200);
      await answer.body?.cancel();
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: failure }) });
    };
    gateway.answer = () => {
      if (!isFailing || failure !== 'ECONNREFUSED') return undefined;
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: failure }) });
    };
    await using world = await CohortWorld.start(
      { ...track, DELIVERY_RETRY_BASE: '1ms', DELIVERY_RETRY_MAX: '1ms' },
      { fetch: failing },
      ['ada', 'bob', 'cid'],
    );
    await world.push(['ada', 'bob']);
    await world.rest();
    const page = await ledger(world);
    const [run] = await runs(world);
    expect(run).toMatchObject({ outcome: 'failed', requests: gateway.requests.length, added: 0 });
    expect(run).toMatchObject(mayApply ? { sent: 2, unproven: 2 } : { sent: 0, unproven: 0 });
    expect(page.report?.states).toMatchObject(
      mayApply ? { accepted: 0, unproven: 2, waiting: 0 } : { accepted: 0, unproven: 0, waiting: 2 },
    );
    expect(page.members.map(({ id, state, sentAt }) => [id, state, sentAt])).toEqual(
      ['ada', 'bob'].map(id => (mayApply ? [id, 'unproven', start] : [id, 'waiting', null])),
    );
    expect(inTrack(world)).toEqual(failure === 'ECONNREFUSED' ? [] : ['ada', 'bob']);
    isFailing = false;
    await world.push(['bob'], { action: 'remove_members', session: 's2' });
    await world.clock.advance(5 * minute);
    await world.rest();
    expect(inTrack(world)).toEqual(['ada']);
    expect((await ledger(world)).report?.states).toMatchObject({ accepted: 1, unproven: 0, waiting: 0 });
  });

  it('lists a change that the safety stop holds as waiting, with the members that leave', async () => {
    await using world = await CohortWorld.start({ COHORT_SAFETY_STOP: '2' }, {}, ['a', 'b', 'c']);
    await world.push(['a', 'b', 'c']);
    await world.rest();
    await world.push(['d'], { session: 's2' });
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual([
      'd: waiting, held',
      ...['a', 'b', 'c'].map(id => `${id}: waiting, leaving, held`),
    ]);
    expect(page.report).toMatchObject({
      ...{ outcome: 'held', mixpanelMembers: 1, states: { accepted: 0, waiting: 4, leaving: 3 } },
    });
  });

  it('lists a member that left before any full list and joined again as waiting, since Braze never had it', async () => {
    await using world = await CohortWorld.start(
      { DELIVERY_RETRY_BASE: '1ms', DELIVERY_RETRY_MAX: '1ms' },
      { fetch: async () => json({ message: 'down' }, 500) },
      ['ada'],
    );
    await world.push(['ada'], { action: 'remove_members' });
    await world.rest();
    expect(short(await ledger(world))).toEqual(['ada: waiting, leaving']);
    await world.push(['ada'], { session: 's2' });
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['ada: waiting']);
    expect(page.report?.states).toMatchObject({ accepted: 0, waiting: 1, leaving: 0 });
  });

  it('lists the members that a run removed, and when', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.clock.advance(minute);
    await world.push(['bob'], { action: 'remove_members', session: 's2' });
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['bob: removed']);
    expect(page.members[0]).toMatchObject({ leaving: true, sentAt: '2026-03-01T00:01:00.000Z' });
    expect(page.report?.states).toMatchObject({ accepted: 1, removed: 1 });
    expect(await world.members()).toEqual(['ada']);
  });

  it('gets the members of a sample that are no users of Braze ten minutes later', async () => {
    await using world = await CohortWorld.start(track, {}, ['ada']);
    await world.push(['ada', 'ghost']);
    await world.rest();
    expect(short(await ledger(world))).toEqual([]);
    await world.clock.advance(10 * minute);
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['ghost: unknown']);
    expect(page.members[0]).toMatchObject({ sentAt: start, readAt: '2026-03-01T00:10:00.000Z' });
    expect(await runs(world)).toMatchObject([
      { trigger: 'read-back', unknown: 1, states: null },
      { trigger: 'webhook', unknown: null, states: { accepted: 2 } },
    ]);
  });

  it('says what was read back of a run, why nothing was, and which run has unknown members', async () => {
    await using world = await CohortWorld.start(track, {}, ['ada', 'bob']);
    await world.push(['ada', 'ghost-1', '=cmd|x']);
    await world.rest();
    expect(await ledger(world, '?state=unknown')).toMatchObject({
      ...{ members: [], readBack: null, unknownIn: null },
      readBackWhy: 'a sample is read back at 2026-03-01T00:10:00.000Z',
    });
    await world.clock.advance(10 * minute);
    await world.rest();
    const page = await ledger(world);
    expect(short(page)).toEqual(['=cmd|x: unknown', 'ghost-1: unknown']);
    expect(page).toMatchObject({
      readBack: { at: '2026-03-01T00:10:00.000Z', sampled: 3, confirmed: 1, contradicted: 0, unknown: 2 },
      ...{ readBackWhy: null, unknownIn: null },
    });
    const [readBack] = await runs(world);
    expect(await ledger(world, `?run=${(readBack as { id: number }).id}&limit=1`)).toMatchObject({
      run: page.run,
    });

    await world.push(['bob'], { action: 'add_members', session: 's2' });
    await world.rest();
    expect(await ledger(world, '?state=unknown')).toMatchObject({
      ...{ members: [], readBack: null, unknownIn: page.run },
      readBackWhy: 'a sample is read back at 2026-03-01T00:20:00.000Z',
    });
  });

  it('counts a sample without any user of Braze in the history, too', async () => {
    await using world = await CohortWorld.start(track);
    await world.push(['ghost-1', 'ghost-2']);
    await world.rest();
    await world.clock.advance(10 * minute);
    await world.rest();
    expect(await runs(world)).toMatchObject([
      { trigger: 'read-back', unknown: 2, confirmed: 0, readBack: 0 },
      { trigger: 'webhook' },
    ]);
    expect(await ledger(world)).toMatchObject({ readBack: { sampled: 2, confirmed: 0, unknown: 2 } });
  });

  it('of a partner cohort has no members read back, and says why', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ghost-1']);
    await world.rest();
    await world.clock.advance(15 * minute);
    await world.rest();
    expect(await ledger(world, '?state=unknown')).toMatchObject({
      ...{ members: [], readBack: null, unknownIn: null },
      readBackWhy: 'Braze exports no members of partner cohorts',
    });
  });

  it('gets the changes of a sample that Braze accepted and does not have', async () => {
    const gateway = new Gateway();
    gateway.answer = ids => json({ message: 'success', attributes_processed: ids.length });
    await using world = await CohortWorld.start(track, { fetch: gateway.fetch }, ['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.clock.advance(10 * minute);
    await world.rest();
    expect(short(await ledger(world))).toEqual(['ada: contradicted', 'bob: contradicted']);
  });

  it('is read in pages, whose cursor stays valid while further runs end and is bound to its run', async () => {
    await using world = await CohortWorld.start();
    const ids = Array.from({ length: 25 }, (_, n) => `$device:${String(n).padStart(2, '0')}`);
    await world.push(ids);
    await world.rest();
    const first = await ledger(world, '?limit=10');
    expect(first.members.map(({ id }) => id)).toEqual(ids.slice(0, 10));
    await world.push(['$device:00'], { session: 's2' });
    await world.rest();
    const second = await ledger(world, `?limit=10&after=${first.next}`);
    expect(second.run).toBe(first.run);
    expect(second.members.map(({ id }) => id)).toEqual(ids.slice(10, 20));
    const third = await ledger(world, `?limit=10&after=${second.next}`);
    expect([third.members.length, third.next]).toEqual([5, null]);
    expect((await ledger(world)).members).toHaveLength(1);
  });

  it('of an unknown run, with a wrong state or cursor, is refused in one sentence each', async () => {
    await using world = await CohortWorld.start();
    await world.push(['$device:1', '$device:2']);
    await world.rest();
    const { next } = await ledger(world, '?limit=1');
    const refusal = async (path: string) => {
      const { status, body } = await world.api('GET', path);
      return [status, (body.error as { code: string }).code, (body.error as { message: string }).message];
    };
    expect(await refusal('/999/members')).toEqual([404, 'sync_unknown', expect.any(String)]);
    const unknown = await refusal('/12345/members?run=999');
    expect(unknown).toEqual([404, 'ledger_unknown', expect.stringContaining('run 999')]);
    for (const query of ['after=x', `after=${next}&run=999`, `after=${next}&state=waiting`])
      expect(await refusal(`/12345/members?${query}`)).toEqual([
        ...[400, 'ledger_cursor_invalid'],
        expect.stringContaining('Send `next` of that page unchanged'),
      ]);
    expect((await refusal('/12345/members?state=lost'))[2]).toMatch(
      / state must be one of: unmatched, [^.]*\. Expected any of run [^.]*\.$/,
    );
    expect((await refusal('/12345/members?run=first'))[2]).toMatch(
      / run must be last, or the ID of a run in the history\. Expected any of run [^.]*\.$/,
    );
  });

  it('that storage refuses leaves the counts of the run unknown, and the sync goes on', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada']);
    const { cohorts } = world.storage;
    const refused = vi.spyOn(cohorts, 'appendLedger').mockRejectedValue(new Error('no space is left'));
    const dropped = vi.spyOn(cohorts, 'commit');
    await world.push(['ada', '$device:1']);
    expect(await world.sync()).toMatchObject({ brazeMembers: 1, problem: null });
    expect(await runs(world)).toMatchObject([{ outcome: 'sent', accepted: 1, states: null }]);
    expect((await world.api('GET', '/12345/members')).body).toMatchObject({
      error: { code: 'ledger_unknown' },
    });
    expect(dropped).toHaveBeenCalledWith({ dropOpenLedgers: 'default:12345' });
    refused.mockRestore();
    await world.push(['ada'], { session: 's2' });
    await world.rest();
    expect((await ledger(world)).report?.states).toMatchObject({ accepted: 1, unmatched: 0 });
  });
});

describe('the entry and the ledger of a run', () => {
  /** Runs with an entry, the oldest first: `outcome`, and `ledger` where it has one. */
  async function entries(world: CohortWorld): Promise<string[]> {
    const listed = await runs(world);
    const shown = listed.map(async ({ id, outcome, fullSend }) => {
      const { run } = await ledger(world, `?run=${id}`);
      return [outcome, fullSend ? 'in full' : '', run === id ? 'ledger' : 'no ledger']
        .filter(text => text !== '')
        .join(', ');
    });
    return (await Promise.all(shown)).toReversed();
  }
  const listed = ['ada', '$device:1', 'bob'];

  it('are not written where Mixpanel pushes the same full list again', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada', 'bob', 'cid']);
    await world.push([...listed, 'cid']);
    await world.rest();
    await world.push(listed, { session: 's0' });
    await world.rest();
    for (let count = 1; count <= 12; count += 1) {
      await world.clock.advance(minute);
      await world.push(listed, { session: `s${count}` });
      await world.rest();
    }
    expect(await entries(world)).toEqual(['sent, in full, ledger', 'sent, ledger']);
    const { members } = await ledger(world, '?run=last');
    expect(members).toMatchObject([
      { id: '$device:1', state: 'unmatched' },
      { id: 'cid', state: 'removed' },
    ]);
    const now = new Date(world.clock.now()).toISOString();
    expect(await world.sync()).toMatchObject({ lastSuccess: now, lastPush: now, problem: null });
  });

  it('are written where as many others of the members are no users of Braze', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada']);
    await world.push(['ada', '$device:1']);
    await world.rest();
    await world.push(['ada', '$device:2'], { session: 's2' });
    await world.rest();
    expect(await entries(world)).toEqual(['sent, in full, ledger', 'unchanged, ledger']);
    expect(short(await ledger(world))).toEqual(['$device:2: unmatched, no_user']);
  });

  it('are not written where the safety stop holds the same list again', async () => {
    await using world = await CohortWorld.start({ COHORT_SAFETY_STOP: '2' }, {}, ['a', 'b', 'c']);
    await world.push(['a', 'b', 'c']);
    await world.rest();
    await world.push(['a'], { session: 's2' });
    const { problem } = await world.sync();
    for (const session of ['s3', 's4']) {
      await world.clock.advance(minute);
      await world.push(['a'], { session });
      await world.rest();
    }
    expect(await entries(world)).toEqual(['sent, in full, ledger', 'held, ledger']);
    expect(await world.sync()).toMatchObject({ held: { from: 3, to: 1 }, problem });
  });

  it('are an entry alone where a full send changed nothing, or a retry failed like the run before', async () => {
    const gateway = new Gateway();
    await using world = await CohortWorld.start(
      { ...track, COHORT_RESEND_INTERVAL: '1d', DELIVERY_RETRY_BASE: '1ms', DELIVERY_RETRY_MAX: '1ms' },
      { fetch: gateway.fetch },
      ['ada', 'bob', 'cid'],
    );
    await world.push([...listed, 'cid']);
    await world.rest();
    await world.push(listed, { session: 's2' });
    await world.rest();
    const { run } = await ledger(world);
    await world.clock.advance(24 * 60 * minute);
    await world.rest();
    const full = (await runs(world)).find(({ trigger }) => trigger === 'schedule');
    expect(full).toMatchObject({ outcome: 'sent', fullSend: true, states: { accepted: 2, unmatched: 1 } });
    expect(full).toMatchObject({ hasLedger: false });
    for (const query of ['', `?run=${full?.id}`]) expect(await ledger(world, query)).toMatchObject({ run });
    gateway.answer = () => json({ message: 'down' }, 500);
    await world.push([...listed, 'cid'], { session: 's3' });
    await world.rest();
    const failed = await ledger(world);
    expect(short(failed)).toEqual(['$device:1: unmatched, no_user', 'cid: waiting']);
    await world.clock.advance(5 * minute);
    await world.rest();
    expect((await runs(world))[0]).toMatchObject({ trigger: 'retry', outcome: 'failed' });
    expect(await ledger(world)).toMatchObject({ run: failed.run });
  });

  it('are written where only a problem ended', async () => {
    await using world = await CohortWorld.start({ COHORT_SAFETY_STOP: '2' }, {}, ['a', 'b', 'c']);
    await world.push(['a', 'b', 'c']);
    await world.rest();
    await world.push(['a'], { session: 's2' });
    await world.rest();
    await world.push(['a', 'b', 'c'], { session: 's3' });
    await world.rest();
    expect((await entries(world)).at(-1)).toBe('unchanged, ledger');
    expect(await world.sync()).toMatchObject({ held: null, problem: null });
  });
});

describe('what Braze accepted', () => {
  it('through /users/track is counted as attribute updates per run, day and sync, and in the metrics', async () => {
    await using world = await CohortWorld.start(track, {}, ['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.clock.advance(24 * 60 * minute);
    await world.push(['bob'], { action: 'remove_members', session: 's2' });
    expect(await world.sync()).toMatchObject({ attributeUpdates: 3, assignments: 0 });
    expect((await world.api('GET', '/12345/cost?from=2026-03-01&to=2026-03-31')).body).toEqual({
      ...{ from: '2026-03-01', to: '2026-03-31', attributeUpdates: 3, assignments: 0 },
      ...{ countedSince: '2026-03-01', counted: { from: '2026-03-01', to: '2026-03-02' } },
      days: [
        { day: '2026-03-01', attributeUpdates: 2, assignments: 0 },
        { day: '2026-03-02', attributeUpdates: 1, assignments: 0 },
      ],
    });
    const sent = (await runs(world)).filter(({ trigger }) => trigger === 'webhook');
    expect(sent).toMatchObject([{ billedUpdates: 1, assignments: 0 }, { billedUpdates: 2 }]);
    const metrics = await (await fetch(`${world.service.service.url}/metrics`)).text();
    expect(metrics).toMatch(/cohort_attribute_updates_total\{connection="default",cohort="12345"\} 3\n/);
  });

  it('through the partner import is counted as assignments', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada', 'bob']);
    await world.push(['ada', 'bob']);
    expect(await world.sync()).toMatchObject({ attributeUpdates: 0, assignments: 2 });
    expect(await runs(world)).toMatchObject([{ billedUpdates: 0, assignments: 2 }]);
  });

  it('is not known of days before the sync was created, and refused for days that have not come', async () => {
    await using world = await CohortWorld.start({}, {}, ['ada']);
    await world.push(['ada']);
    await world.rest();
    expect((await world.api('GET', '/12345/cost?from=2026-02-27&to=2026-03-01')).body).toMatchObject({
      ...{ attributeUpdates: 0, assignments: 1, counted: { from: '2026-03-01', to: '2026-03-01' } },
    });
    expect((await world.api('GET', '/12345/cost?from=2026-02-27&to=2026-02-28')).body).toEqual({
      ...{ from: '2026-02-27', to: '2026-02-28', countedSince: '2026-03-01', counted: null, days: [] },
      ...{ attributeUpdates: null, assignments: null },
    });
    const ahead = await world.api('GET', '/12345/cost?from=2026-03-02&to=2026-03-05');
    expect([ahead.status, ahead.body.error]).toEqual([
      400,
      {
        code: 'cohort_days_ahead',
        message: expect.stringContaining('have not come yet: choose days up to 2026-03-01, UTC'),
      },
    ]);
  });

  it('is not known of days that are no longer kept', async () => {
    const day = (daysLater: number) =>
      new Date(Date.parse('2026-03-01') + daysLater * 24 * 60 * minute).toISOString().slice(0, 10);
    const kept = Array.from({ length: sentDays }, (_, index) => ({
      ...{ day: day(index + 5), attributeUpdates: 0, assignments: 1 },
    }));
    expect(countedDays(kept, { from: day(0), to: day(9) }, { created: day(0), today: day(500) })).toEqual({
      since: day(5),
      counted: { from: day(5), to: day(9) },
    });
    expect(
      countedDays(kept.slice(1), { from: day(0), to: day(9) }, { created: day(0), today: day(500) }),
    ).toEqual({ since: day(0), counted: { from: day(0), to: day(9) } });
  });

  it('is counted from the first day of all, where the clock was set back before the sync was created', () => {
    const first = { day: '2026-03-01', attributeUpdates: 1, assignments: 0 };
    const days = { from: '2026-02-01', to: '2026-03-31' };
    expect(countedDays([first], days, { created: '2026-03-09', today: '2026-03-02' })).toEqual({
      since: '2026-03-01',
      counted: { from: '2026-03-01', to: '2026-03-02' },
    });
  });

  it('is refused for days that are none, in one sentence', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    const { status, body } = await world.api('GET', '/12345/cost?from=march&to=2026-03-31');
    expect([status, (body.error as { message: string }).message]).toEqual([
      400,
      expect.stringMatching(/ from must be a date such as [\d-]+\. Expected from and to [^.]*\.$/),
    ]);
  });
});
