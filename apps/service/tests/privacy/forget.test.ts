import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf, type Forgotten, forget as takeOut } from '../../src/privacy/forget.ts';
import type { Trace } from '../../src/privacy/trace.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator } from '../../src/testing/running-service.ts';

/** One user who is to be forgotten, and their neighbour, who is not. */
const theirs = 'customer-to-be-forgotten';
const others = 'customer-who-stays';
let mixpanel: FakeMixpanel;
let world: CohortWorld;
let file: string;
let storage: Storage;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  world = await CohortWorld.start(
    { MIXPANEL_API_URL: mixpanel.url, DELIVERED_RETENTION: '1h', BRAZE_PARTNER_API_KEY: 'braze-partner-key' },
    {
      now: () => Date.now(),
      openStorage: async url => {
        file = url.replace('sqlite:', '');
        storage = await openStorage(url);
        return storage;
      },
    },
    [theirs, others],
  );
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const eventOf = (user: string, changes = {}) => emailSend({ user: { external_user_id: user }, ...changes });
const forget = async (body: unknown = { externalId: theirs, confirm: true }) => {
  const response = await fetch(`${world.service.service.url}/api/forget`, {
    method: 'POST',
    headers: asOperator,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Forgotten };
};
const traceBy = (body: unknown, headers = asOperator) =>
  fetch(`${world.service.service.url}/api/trace`, { method: 'POST', headers, body: JSON.stringify(body) });
const trace = async (user: string) => (await (await traceBy({ externalId: user })).json()) as Trace;
const onDisk = async () =>
  (await Promise.all(['', '-wal'].map(suffix => readFile(file + suffix, 'latin1')))).join('');

describe('to forget a user', () => {
  it('takes their events out of the queue, kept bodies and dead letters, leaves all others, and counts what it took', async () => {
    const { service } = world;
    await service.post(batchOf(eventOf(theirs), eventOf(others)));
    await service.post(batchOf(eventOf(theirs, { time: 'never' }), eventOf(others, { time: 'never' })));
    await service.settled();
    mixpanel.behaviour = answers(503);
    const staying = eventOf(others);
    await service.post(batchOf(eventOf(theirs), staying, eventOf(theirs)));
    await service.post(batchOf(eventOf(theirs)));
    await service.until(({ pending }) => pending.events === 4);

    expect((await forget()).body).toMatchObject({
      ...{ digest: digestOf(theirs), pending: 3, delivered: 2, deadLetters: 1 },
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

    mixpanel.behaviour = accepts;
    expect(await service.settled()).toMatchObject({ imported: 3 });
    expect([...mixpanel.unique.keys()]).toContain(staying.id);
    expect((await forget()).body).toMatchObject({ pending: 0, delivered: 0, deadLetters: 0, complete: true });
  });

  it('finds an id with half a surrogate pair, in either form, in events and cohorts', async () => {
    const half = `${theirs}\ud83c`;
    await world.service.post(batchOf(eventOf(half), eventOf(others)));
    await world.service.settled();
    await world.push([half, others]);
    await world.rest();
    // An address holds no half of a pair, so a trace can only ask for the other form.
    expect(await trace(half.toWellFormed())).toMatchObject({
      connections: { default: { delivered: [{ outcome: 'sent' }] } },
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

  it('finds them in keys that an event repeats, and in data beside the events', async () => {
    const { service } = world;
    mixpanel.behaviour = answers(503);
    const user = JSON.stringify({ external_user_id: theirs });
    const bob = JSON.stringify(eventOf(others));
    await service.post(`{"events":[${bob.replace('{', `{"user":${user},`)},${bob}]}`);
    await service.post(`{"events":[${bob}],"partner":${user}}`);
    await service.until(({ pending }) => pending.events === 3);
    expect((await trace(theirs)).connections.default).toMatchObject({ pending: [{}, { id: null }] });
    expect((await forget()).body).toMatchObject({ pending: 1, complete: true });
    expect(await onDisk()).not.toContain(theirs);
    mixpanel.behaviour = accepts;
    expect(await service.settled()).toMatchObject({ imported: 2, skipped: { forgotten: 1 } });
  });

  it('takes them out of snapshots, waiting pages and lists of unmatched, and Braze is sent nothing', async () => {
    await world.push([theirs, others, '$device:1']);
    await world.rest();
    await world.push([theirs, others], { session: 's2', page: 1, total: 2 });
    const sent = world.requests('partner-cohorts-users').length;
    expect((await forget()).body).toMatchObject({ cohorts: { syncs: 1, members: 1, pages: 1, later: [] } });
    expect(await world.sync()).toMatchObject({ brazeMembers: 1, mixpanelMembers: 2, unmatched: 1 });
    expect(world.requests('partner-cohorts-users')).toHaveLength(sent);
    expect(await onDisk()).not.toContain(theirs);

    expect((await forget({ externalId: '$device:1', confirm: true })).body).toMatchObject({
      cohorts: { members: 1 },
    });
    expect(await world.sync()).toMatchObject({ unmatched: 0 });
    // The group is completed as if nothing had happened.
    await world.push(['customer-who-joins'], { session: 's2', page: 2, total: 2 });
    expect(await world.sync()).toMatchObject({ brazeMembers: 2, problem: null });
  });

  it('leaves a digest in the audit log, and nothing else of the id', async () => {
    await world.service.post(batchOf(eventOf(theirs)));
    await world.service.settled();
    await forget();
    const text = await (await world.service.get('/api/audit')).text();
    expect(text).toContain(digestOf(theirs));
    expect(text).not.toContain(theirs);
  });

  it.each([
    ['no confirmation', { externalId: theirs }],
    ['no id', { confirm: true }],
    ['an empty id', { externalId: '', confirm: true }],
  ])('takes a confirmation and an id: %s is refused', async (_what, body) => {
    expect((await forget(body)).status).toBe(400);
  });

  it('takes an id as long as events may have one', async () => {
    expect((await forget({ externalId: 'x'.repeat(20_000), confirm: true })).status).toBe(200);
  });

  it('says where else the user may be, and how to ask there', async () => {
    const { body } = await forget();
    expect(body).toMatchObject({
      outOfReach: [{ where: 'Mixpanel' }, { where: 'Braze' }, { where: 'copies' }],
    });
  });
});

describe('to trace a user', () => {
  it('tells what became of each of their events, and why', async () => {
    const { service } = world;
    const imported = eventOf(theirs);
    const dead = eventOf(theirs, { time: 'never' });
    await service.post(batchOf(imported, eventOf(others), dead));
    await service.settled();
    mixpanel.behaviour = answers(503);
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
    expect((await trace('nobody')).connections.default).toEqual({
      pending: [],
      deadLetters: [],
      delivered: [],
    });
  });

  it.each(['.', '..', 'a/b?c#d%2e&e=f', '𝒶 +'])('takes any id, as %s', async user => {
    const dead = eventOf(user, { time: 'never' });
    await world.service.post(batchOf(dead));
    await world.service.settled();
    expect((await trace(user)).connections.default).toMatchObject({ deadLetters: [{ id: dead.id }] });
  });

  it('is a question that an address never holds', async () => {
    for (const path of ['/api/trace?external_id=ada', '/api/trace/ada'])
      expect([404, 405]).toContain((await world.service.get(path)).status);
  });

  it('says what is wrong with an empty id, and with one that is not given', async () => {
    for (const body of [{ externalId: '' }, {}]) {
      const response = await traceBy(body);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/externalId: (the id of a user is empty|expected string)/);
    }
  });

  it('tells which cohorts they are in, at Mixpanel and at Braze, and why not', async () => {
    await world.push([theirs, '$device:1']);
    await world.rest();
    await world.api('POST', '/12345/pause');
    await world.push([others], { session: 's2' });
    await world.rest();
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
    expect((await trace('nobody')).cohorts).toEqual([]);
  });
});

describe('a batch that is being delivered', () => {
  const lease = {
    connection: 'default',
    owner: 'x',
    leaseMs: 60_000,
    maxRows: 9,
    maxEvents: 9,
    maxBytes: 1e6,
    now: 0,
  };
  const nobody = { syncs: 0, members: 0, pages: 0, historyEntries: 0, later: [] };

  it('is waited for, and left alone when it takes too long; the answer says so', async () => {
    await using storage = await openedStorage();
    const { journal, deadLetters } = storage;
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs), eventOf(others))));
    await journal.append({ connection: 'default', receivedAt: 0, events: 2, profile: '{}', body });
    const [row] = await journal.lease(lease);
    let clock = 0;
    const options = {
      ...{ journal, deadLetters, storage, cohorts: { forget: async () => nobody } },
      timeoutMs: 1_000,
      onFailure: () => undefined,
      // Time passes with every look at the clock.
      monotonic: () => (clock += 400),
    };
    expect(await takeOut(theirs, options)).toMatchObject({
      ...{ pending: 0, stillBeingDelivered: 1, complete: false },
    });
    const waiting = takeOut(theirs, { ...options, timeoutMs: 1_000_000 });
    await journal.release('x', [row!.id], { delayMs: 0, attempt: false });
    expect(await waiting).toMatchObject({ pending: 1, stillBeingDelivered: 0, complete: true });
    expect((await journal.counts()).default).toMatchObject({ pending: 1, skipped: { forgotten: 1 } });
  });
});

describe('a file that another program reads', () => {
  it('makes the answer incomplete, with the reason, until a repeat finds nothing left on the disk', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'alone.db');
    await using alone = await openedStorage(`sqlite:${path}`);
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs), eventOf(others))));
    await alone.journal.append({ connection: 'default', receivedAt: 0, events: 2, profile: '{}', body });
    const bytes = async () =>
      (await Promise.all(['', '-wal'].map(suffix => readFile(path + suffix, 'latin1')))).join('');
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM batch');
    // Time passes with every look at the clock.
    let clock = 0;
    const options = {
      ...{ storage: alone, journal: alone.journal, deadLetters: alone.deadLetters },
      cohorts: { forget: async () => ({ syncs: 0, members: 0, pages: 0, historyEntries: 0, later: [] }) },
      onFailure: () => undefined,
      ...{ timeoutMs: 1_000, monotonic: () => (clock += 400) },
    };
    expect(await takeOut(theirs, options)).toMatchObject({
      ...{ pending: 1, stillBeingDelivered: 0, complete: false },
      stillOnDisk: expect.stringContaining(`is reading ${path}`),
    });
    expect(await bytes()).toContain(theirs);
    reader.close();
    expect(await takeOut(theirs, options)).toMatchObject({ pending: 0, stillOnDisk: null, complete: true });
    expect(await bytes()).not.toContain(theirs);
  });
});

describe('a part of forgetting that fails', () => {
  const parts = [
    ['default pending', { journal: { pending: failing } }],
    ['default delivered', { journal: { delivered: failing } }],
    ['default dead letters', { deadLetters: { list: failing } }],
    ['cohorts', { cohorts: { forget: failing } }],
  ] as const;

  it.each(parts)('(%s) keeps none of the others from being done, and is named', async (part, broken) => {
    await using storage = await openedStorage();
    const failures: string[] = [];
    const whole = {
      journal: storage.journal,
      deadLetters: storage.deadLetters,
      cohorts: { forget: async () => ({ syncs: 1, members: 2, pages: 0, historyEntries: 0, later: [] }) },
    };
    const body = new TextEncoder().encode(JSON.stringify(batchOf(eventOf(theirs))));
    await storage.journal.append({ connection: 'default', receivedAt: 0, events: 1, profile: '{}', body });
    const forgotten = await takeOut(theirs, {
      journal: { ...whole.journal, ...('journal' in broken && broken.journal) },
      deadLetters: { ...whole.deadLetters, ...('deadLetters' in broken && broken.deadLetters) },
      cohorts: { ...whole.cohorts, ...('cohorts' in broken && broken.cohorts) },
      storage,
      timeoutMs: 0,
      monotonic: () => 0,
      onFailure: failed => void failures.push(failed),
    });
    expect(forgotten).toMatchObject({
      ...{ failed: [part], complete: false, pending: part === 'default pending' ? 0 : 1 },
      cohorts: { members: part === 'cohorts' ? 0 : 2 },
    });
    expect(failures).toEqual([part]);
  });

  it('is in the answer and in the audit log, with what was done', async () => {
    await world.push([theirs], { cohort: '1' });
    await world.push([theirs], { cohort: '2' });
    await world.rest();
    await world.service.post(batchOf(eventOf(theirs)));
    await world.service.settled();
    const commit = vi.spyOn(storage.cohorts, 'commit').mockRejectedValueOnce(new Error('refused'));
    const { status, body } = await forget();
    commit.mockRestore();
    expect(status).toBe(200);
    expect(body).toMatchObject({ delivered: 1, complete: false, cohorts: { syncs: 1, members: 1 } });
    expect(body.cohorts.later).toHaveLength(1);
    const { entries } = (await (await world.service.get('/api/audit')).json()) as {
      entries: { action: string; detail: unknown }[];
    };
    expect(entries[0]).toMatchObject({ action: 'forget', detail: { complete: false, delivered: 1 } });
    expect((await forget()).body).toMatchObject({ complete: true, cohorts: { syncs: 1, members: 1 } });
  });
});

const failing = () => Promise.reject(new Error('refused'));

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'forget-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function openedStorage(url = 'sqlite::memory:'): Promise<Storage & AsyncDisposable> {
  const storage = await openStorage(url);
  return Object.assign(storage, { [Symbol.asyncDispose]: () => storage.close() });
}
