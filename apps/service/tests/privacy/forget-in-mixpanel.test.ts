import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DeletionWorld,
  dayMs,
  forgetVendors,
  liftUser,
  receiptOfUser,
} from '../../src/testing/deletion-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import type { RunningService } from '../../src/testing/running-service.ts';

const theirs = 'customer-to-be-forgotten';
const hour = 3_600_000;

let world: DeletionWorld;
let folder: string;
beforeEach(async () => {
  world = await DeletionWorld.begin();
  folder = await mkdtemp(join(tmpdir(), 'deletions-'));
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const serve = (environment: Record<string, string> = {}) =>
  world.serve({ STORAGE_URL: `sqlite:${join(folder, 'service.db')}`, ...environment });
const onDisk = async () =>
  (
    await Promise.all(['', '-wal'].map(suffix => readFile(join(folder, `service.db${suffix}`), 'latin1')))
  ).join('');
const stateOf = async (service: RunningService) => (await receiptOfUser(service, theirs)).mixpanel[0]!;

describe('forget --vendors', () => {
  it('requests one task, follows it over restarts for weeks, and is done when Mixpanel reports success', async () => {
    await using services = new AsyncDisposableStack();
    const begin = async () => services.use(await serve());
    let service = await begin();
    const answer = await forgetVendors(service, theirs);
    const [task] = await world.tasks();
    expect(task).toMatchObject({ distinctIds: [theirs], complianceType: 'GDPR', status: 'PENDING' });
    expect(answer).toMatchObject({ complete: true, failed: [], receipt: { skipsLaterEvents: true } });
    expect(answer.receipt?.mixpanel).toEqual([
      {
        ...{ connection: 'default', state: 'followed', taskId: task!.id, status: 'PENDING', problem: null },
        ...{ requestedAt: '2026-03-01T12:30:00.000Z', acceptedAt: '2026-03-01T12:30:00.000Z' },
        ...{ checkedAt: null, endedAt: null, nextAt: '2026-03-01T13:30:00.000Z', isLate: false },
        ...{ lostAnswers: 0, idKept: false, earlier: [] },
      },
    ]);
    expect(answer.outOfReach.map(({ where }) => where)).not.toContain('Mixpanel');
    expect(await onDisk()).not.toContain(theirs);
    const seen = new Set<string | null>();
    for (const days of [5, 8, 15]) {
      await world.advance(days * dayMs);
      seen.add((await stateOf(service)).status);
      await service.service.close();
      service = await begin();
      // Requests nothing again, and returns once the new process follows the task.
      await forgetVendors(service, theirs);
    }
    expect([...seen]).toEqual(['PENDING', 'STAGING', 'STARTED']);
    expect((await stateOf(service)).state).toBe('followed');
    await world.advance(3 * dayMs);
    expect(await stateOf(service)).toMatchObject({ state: 'done', status: 'SUCCESS', nextAt: null });
    expect(await world.tasks()).toHaveLength(1);
    expect((await service.connection()).deletions).toMatchObject({ followed: 0, done: 1 });
  }, 60_000);

  it('requests nothing again while a task is followed, and another one once it has ended', async () => {
    await using service = await serve();
    await forgetVendors(service, theirs);
    await world.advance(2_000);
    await forgetVendors(service, theirs);
    await world.advance(2_000);
    expect(await world.tasks()).toHaveLength(1);
    await world.enter('FAILURE');
    await world.advance(13 * hour);
    expect(await stateOf(service)).toMatchObject({
      ...{ state: 'failed', status: 'FAILURE' },
      problem: expect.stringContaining('could not carry out the task'),
    });
    expect((await service.connection()).findings).toContainEqual(
      expect.objectContaining({ id: 'user_deletions', severity: 'warning' }),
    );
    expect(await (await service.get('/metrics')).text()).toContain(
      'braze_mixpanel_user_deletions_stuck{connection="default",state="failed"} 1',
    );
    expect(await (await service.get('/api/alerts')).text()).toContain('BrazeMixpanelDeletionStuck');
    const again = await forgetVendors(service, theirs);
    const [first, second] = await world.tasks();
    expect(again.receipt?.mixpanel[0]).toMatchObject({
      ...{ state: 'followed', taskId: second!.id },
      earlier: [{ taskId: first!.id, state: 'failed' }],
    });
    await world.enter('REVOKED');
    await world.advance(13 * hour);
    expect(await stateOf(service)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('cancelled'),
    });
  });

  it('keeps to one request in a second, which Mixpanel allows', async () => {
    await world.mixpanel.request('PUT settings', { body: { rateLimits: ['gdprRequests'] } });
    await using service = await serve();
    const users = Array.from({ length: 5 }, (_, index) => `user-${index}`);
    for (const user of users) await forgetVendors(service, user);
    expect(await world.tasks()).toHaveLength(1);
    for (let second = 0; second < 4; second += 1) await world.advance(1_000);
    expect((await world.tasks()).flatMap(({ distinctIds }) => distinctIds).sort()).toEqual(users);
    const { requests } = await world.mixpanel.request('GET requests', { query: { route: 'data-deletions' } });
    expect(requests.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  });

  it.each([
    [401, 'Mixpanel rejected MIXPANEL_OAUTH_TOKEN (401', 0],
    [403, 'Mixpanel denied access (403', 0],
    [429, 'Mixpanel limits requests for deletions (429).', 0],
    [503, 'Mixpanel returned 503', 1],
  ])('requests it again after %d, which it never calls done', async (status, problem, lostAnswers) => {
    await using service = await serve();
    const fault = { route: 'data-deletions', kind: 'status', status, times: 1 } as const;
    await world.mixpanel.request('POST faults', { body: fault });
    const { receipt } = await forgetVendors(service, theirs);
    expect(receipt?.mixpanel[0]).toMatchObject({
      ...{ state: 'waiting', taskId: null, idKept: true, lostAnswers },
      problem: expect.stringContaining(problem),
    });
    expect(receipt?.notKnown.join('\n')).toContain('Whether Mixpanel has deleted the user');
    await world.advance(hour + 60_000);
    expect(await stateOf(service)).toMatchObject({ state: 'followed', problem: null, idKept: false });
    expect(await world.tasks()).toHaveLength(1);
    expect(await onDisk()).not.toContain(theirs);
  });

  it('does what it can without an OAuth token, and says so', async () => {
    await using service = await serve({ MIXPANEL_OAUTH_TOKEN: '' });
    await service.post(batchOf(emailSend({ user: { external_user_id: theirs }, time: 'never' })));
    await service.settled();
    const answer = await forgetVendors(service, theirs);
    expect(answer).toMatchObject({ complete: true, deadLetters: 1 });
    expect(answer.receipt).toMatchObject({ mixpanel: [], entries: [{ notAsked: ['default'] }] });
    expect(answer.receipt?.notKnown.join('\n')).toContain(
      'MIXPANEL_OAUTH_TOKEN with MIXPANEL_TOKEN is not set',
    );
    expect(answer.outOfReach.map(({ where }) => where)).toContain('Mixpanel');
    expect(await world.tasks()).toEqual([]);
  });

  it('fails without the ID where Mixpanel does not accept it for 30 days', async () => {
    await using service = await serve({ MIXPANEL_OAUTH_TOKEN: 'an-oauth-token-of-another' });
    await forgetVendors(service, theirs);
    await world.advance(2 * dayMs);
    expect((await service.connection()).deletions).toMatchObject({ waiting: 1, stuck: { waiting: 1 } });
    await world.advance(29 * dayMs);
    expect(await stateOf(service)).toMatchObject({
      ...{ state: 'failed', idKept: false },
      problem: expect.stringContaining('did not accept the request within 30 days'),
    });
    expect(await onDisk()).not.toContain(theirs);
  }, 60_000);

  it('goes on with a corrected token, and stops counting as stuck', async () => {
    await using service = await serve({ MIXPANEL_OAUTH_TOKEN: 'an-oauth-token-of-another' });
    await forgetVendors(service, theirs);
    await service.reload({ MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token' });
    await world.advance(hour);
    expect(await stateOf(service)).toMatchObject({ state: 'followed', problem: null });
    await world.enter('UNKNOWN');
    await world.advance(35 * dayMs);
    expect(await stateOf(service)).toMatchObject({
      ...{ state: 'followed', isLate: true },
      problem: expect.stringContaining('cannot tell the state of the task'),
    });
    expect((await service.connection()).deletions).toMatchObject({ stuck: { followed: 1 } });
    await world.advance(60 * dayMs);
    expect(await stateOf(service)).toMatchObject({
      ...{ state: 'failed', nextAt: null },
      problem: expect.stringContaining('within 90 days'),
    });
  }, 60_000);

  it('is withdrawn by --lift before its request, and goes on after it', async () => {
    await using service = await serve();
    await forgetVendors(service, 'first');
    const waiting = await forgetVendors(service, theirs);
    expect(waiting.receipt?.mixpanel[0]).toMatchObject({ state: 'waiting' });
    expect(await liftUser(service, theirs)).toMatchObject({
      lifted: true,
      mixpanel: [{ state: 'withdrawn' }],
    });
    expect(await liftUser(service, 'first')).toMatchObject({ mixpanel: [{ state: 'followed' }] });
    await world.advance(hour);
    expect(await world.tasks()).toHaveLength(1);
    expect(await receiptOfUser(service, theirs)).toMatchObject({
      ...{ skipsLaterEvents: false },
      entries: [{ what: 'lift' }, { what: 'forget', vendors: true }],
    });
    expect(await onDisk()).not.toContain(theirs);
  });
});

describe('a receipt', () => {
  it('is shown by its number and listed, without the ID', async () => {
    await using service = await serve();
    const { receipt, digest } = await forgetVendors(service, theirs, { vendors: false });
    const byNumber = await service.get(`/api/forget/receipts/${receipt!.number}`);
    const text = await byNumber.text();
    expect(JSON.parse(text)).toEqual(receipt);
    expect(text).not.toContain(theirs);
    expect(receipt?.number).toBe(digest);
    expect(receipt?.entries[0]).toMatchObject({
      what: 'forget',
      vendors: false,
      removed: { complete: true },
    });
    await forgetVendors(service, 'another', { vendors: false });
    const list = await (await service.get('/api/forget/receipts?limit=1')).json();
    expect(list).toMatchObject({
      receipts: [{ what: 'forget', vendors: false, notAsked: [], complete: true }],
      next: expect.any(Number),
    });
    const { next } = list as { next: number };
    expect(await (await service.get(`/api/forget/receipts?before=${next}`)).json()).toMatchObject({
      receipts: [{ number: receipt!.number }],
      next: null,
    });
  });

  it.each([
    '/api/forget/receipts/0000',
    '/api/forget/receipts/%00',
    `/api/forget/receipts/${'x'.repeat(5_000)}`,
  ])('that does not exist is 404: %#', async path => {
    await using service = await serve();
    const response = await service.get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('The number of a receipt is 32 hex digits.');
  });
});
