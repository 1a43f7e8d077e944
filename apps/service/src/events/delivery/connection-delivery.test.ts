import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type {
  BatchOutcome,
  BatchPart,
  ConnectionWait,
  LeasedBatch,
  LeaseRequest,
} from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../secrets/secret.ts';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { batchOf, emailSend } from '../../testing/events.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';
import { ConnectionDelivery, type ConnectionDeliveryOptions } from './connection-delivery.ts';
import { SuspectSlot } from './suspect-slot.ts';

const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
const imported = (count: number): Exchange => ({
  kind: 'answered',
  status: 200,
  body: JSON.stringify({ code: 200, num_records_imported: count, status: 'OK' }),
  retryAfterMs: undefined,
});

/** A journal in memory that records its calls, and can be made to fail. */
class NotingJournal {
  waiting: LeasedBatch[] = [];
  readonly renewed: number[][] = [];
  readonly completed: BatchOutcome[] = [];
  readonly released: { ids: number[]; delayMs: number; attempt: boolean }[] = [];
  readonly postponements: ConnectionWait[] = [];
  stored: (ConnectionWait & { ageMs: number }) | undefined;
  readonly acquitted: number[] = [];
  readonly splitUp: { id: number; events: number[] }[] = [];
  failToComplete = 0;
  failToRelease = 0;

  add(id: number, changes: Partial<LeasedBatch> = {}): void {
    const body = new TextEncoder().encode(JSON.stringify(batchOf(emailSend())));
    this.waiting.push({
      id,
      attempts: 0,
      deaths: 0,
      connection: 'default',
      receivedAt: 0,
      events: 1,
      body,
      profile: mappingOptions,
      ...changes,
    });
  }
  lease = async (_request: LeaseRequest) => (this.stored === undefined ? this.waiting.splice(0) : []);
  postpone = async (_connection: string, wait: ConnectionWait) => {
    this.postponements.push(wait);
  };
  postponed = async (_connection: string) => this.stored;
  acquit = async (_owner: string, id: number) => {
    this.acquitted.push(id);
  };
  split = async (_owner: string, id: number, parts: BatchPart[]) => {
    this.splitUp.push({ id, events: parts.map(({ events }) => events) });
    return true;
  };
  renew = async (_owner: string, ids: number[]) => {
    this.renewed.push(ids);
    return ids;
  };
  complete = async (_owner: string, outcomes: BatchOutcome[]) => {
    if (this.failToComplete-- > 0) throw new Error('The disk is full.');
    this.completed.push(...outcomes);
    return outcomes.map(({ id }) => id);
  };
  release = async (_owner: string, ids: number[], retry: { delayMs: number; attempt: boolean }) => {
    if (this.failToRelease-- > 0) throw new Error('The disk is full.');
    this.released.push({ ids, ...retry });
  };
}

let journal: NotingJournal;
let sent: (readonly string[])[];
let answer: (events: readonly string[]) => Promise<Exchange>;
let delivery: ConnectionDelivery;
const logger = pino({ level: 'silent' });

const options = (): ConnectionDeliveryOptions => ({
  connection: 'default',
  owner: 'test',
  journal,
  send: events => {
    sent.push(events);
    return answer(events);
  },
  config: {
    concurrency: 2,
    timeoutMs: 30_000,
    retryBaseMs: 2_000,
    retryMaxMs: 60_000,
    parkMs: 300_000,
    leaseMs: 60_000,
  },
  suspects: new SuspectSlot(),
  logger,
  withoutSecrets: text => text,
  random: () => 0,
  now: () => 1_800_000_000_000,
  monotonic: () => performance.now(),
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  journal = new NotingJournal();
  sent = [];
  answer = async events => imported(events.length);
  delivery = new ConnectionDelivery(options());
});
afterEach(async () => {
  vi.restoreAllMocks();
  const stopped = delivery.stop(0);
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
  vi.useRealTimers();
});

it('renews its leases for as long as a request is in flight', async () => {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  answer = () => promise;
  journal.add(7);
  delivery.start();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(journal.renewed).toEqual([[7], [7], [7]]);
  resolve(imported(1));
  await vi.advanceTimersByTimeAsync(61_000);
  expect(journal.renewed).toHaveLength(3);
  expect(journal.completed).toMatchObject([{ id: 7, imported: 1 }]);
});

it('interprets the raw answer, also where a secret is so short that every answer contains it', async () => {
  delivery = new ConnectionDelivery({ ...options(), withoutSecrets: withoutSecretsOf(new Secret('t')) });
  journal.add(1);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(journal.completed).toMatchObject([{ id: 1, imported: 1 }]);
  const said = `${'x'.repeat(299)}t`;
  answer = async () => ({ kind: 'answered', status: 401, body: said, retryAfterMs: undefined });
  journal.add(2);
  delivery.wake();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(delivery.status().lastError?.message).not.toContain('xt');
});

it('sets aside a batch that it cannot read, reports it, and delivers the others', async () => {
  journal.add(1, { profile: '{"generation":"2999-01","selection":null,"sendUnlisted":false}' });
  journal.add(2);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(journal.completed).toMatchObject([{ id: 2, imported: 1 }]);
  expect(journal.released).toEqual([{ ids: [1], delayMs: 300_000, attempt: true }]);
  const { lastError } = delivery.status();
  expect(lastError).toMatchObject({ code: 'batch_unreadable', message: expect.stringContaining('2999-01') });
});

it('releases rows whose outcome storage refuses: they are sent again', async () => {
  journal.failToComplete = 1;
  journal.add(3);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(journal.completed).toEqual([]);
  expect(journal.released).toEqual([{ ids: [3], delayMs: 3_150, attempt: true }]);
  expect(delivery.status()).toMatchObject({ state: 'retrying', lastError: { code: 'outcome_not_stored' } });

  journal.add(3, { attempts: 1 });
  await vi.advanceTimersByTimeAsync(3_200);
  expect(journal.completed).toMatchObject([{ id: 3 }]);
  expect(delivery.status().state).toBe('idle');
});

it('releases later the rows whose release storage refused at first, before their leases expire', async () => {
  journal.failToComplete = 1;
  journal.failToRelease = 2;
  journal.add(5);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(journal.released).toEqual([]);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(delivery.status().state).toBe('retrying');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(journal.released).toEqual([{ ids: [5], delayMs: 0, attempt: true }]);
});

it('warns once that Mixpanel refuses events, for any number of batches, and again after a quiet minute', async () => {
  const warn = vi.spyOn(logger, 'warn');
  const record = { index: 0, insert_id: '', field: 'properties.time', message: 'too old' };
  answer = async () => ({
    kind: 'answered',
    status: 400,
    body: JSON.stringify({ code: 400, failed_records: [record], num_records_imported: 0 }),
    retryAfterMs: undefined,
  });
  const refuse = async (id: number) => {
    journal.add(id);
    delivery.wake();
    await vi.advanceTimersByTimeAsync(1_000);
  };
  delivery.start();
  for (const id of [1, 2, 3]) await refuse(id);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![1]).toMatch(/rejected this event.*1 of 1 events.*properties\.time: too old/);
  expect(delivery.status()).toMatchObject({
    lastSuccessAt: undefined,
    lastError: { code: 'refused_by_mixpanel', resolvedAt: null },
  });

  await vi.advanceTimersByTimeAsync(61_000);
  await refuse(4);
  expect(warn).toHaveBeenCalledTimes(2);
  answer = async events => imported(events.length);
  await refuse(5);
  expect(delivery.status()).toMatchObject({
    lastSuccessAt: expect.any(String),
    lastError: { code: 'refused_by_mixpanel', resolvedAt: expect.any(String) },
  });
});

it('collects a trickle: batches that arrive one by one share requests', async () => {
  delivery.start();
  for (let id = 0; id < 100; id += 1) {
    journal.add(id);
    delivery.wake();
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(journal.completed).toHaveLength(100);
  expect(sent.length).toBeLessThanOrEqual(5);
});

it('polls storage once a second for rows without a wake signal', async () => {
  delivery.start();
  await vi.advanceTimersByTimeAsync(5);
  journal.add(9);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(journal.completed).toMatchObject([{ id: 9 }]);
});

it('releases rows at once, without counting an attempt, when it is stopped before an answer', async () => {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  answer = () => promise;
  journal.add(4);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  const stopped = delivery.stop(0);
  resolve({ kind: 'lost', why: 'the service is stopping' });
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
  expect(journal.released).toEqual([{ ids: [4], delayMs: 0, attempt: false }]);
});

it('tries a refused configuration with its oldest batch only, reports it once, and resumes by itself once it is corrected', async () => {
  const warn = vi.spyOn(logger, 'warn');
  const leases: LeaseRequest[] = [];
  journal.lease = async request => {
    leases.push(request);
    return journal.waiting.splice(0, request.maxRows);
  };
  journal.release = async (_owner, ids, retry) => {
    journal.released.push({ ids, ...retry });
    for (const id of ids) journal.add(id);
  };
  answer = async () => ({ kind: 'answered', status: 401, body: '{}', retryAfterMs: undefined });
  for (const id of [1, 2, 3]) journal.add(id);
  delivery.start();
  await vi.advanceTimersByTimeAsync(900_000);
  expect(delivery.status()).toMatchObject({ state: 'parked', requestsAtMost: 1 });
  expect(sent.map(events => events.length)).toEqual([3, 1, 1, 1]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![1]).toMatch(/rejected the credentials/);

  answer = async events => imported(events.length);
  await vi.advanceTimersByTimeAsync(305_000);
  expect(delivery.status().state).toBe('idle');
  expect(journal.completed.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  expect(leases.at(-1)!.maxRows).toBe(2_000);
});

it('does not treat a batch of which nothing is sent as proof that Mixpanel accepts the credentials again', async () => {
  answer = async () => ({ kind: 'answered', status: 401, body: '{}', retryAfterMs: undefined });
  journal.add(1);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  const skipped = { ...emailSend(), user: {} };
  journal.add(2, { body: new TextEncoder().encode(JSON.stringify(batchOf(skipped))) });
  await vi.advanceTimersByTimeAsync(301_000);
  expect(journal.completed).toMatchObject([{ id: 2, skipped: { no_external_user_id: 1 } }]);
  expect(delivery.status()).toMatchObject({ state: 'parked', lastError: { resolvedAt: null } });
});

it('sends nothing of a batch that was accepted in shadow mode: its events are checked, skipped and counted by day', async () => {
  const shadow = mappingOptionsText({ catalogueVersion: catalogue2022_06, shadow: true });
  journal.add(1, { profile: shadow, receivedAt: 1_800_000_000_000 });
  journal.add(2);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toHaveLength(1);
  expect(journal.completed).toMatchObject([
    {
      ...{ id: 1, imported: 0, skipped: { shadow: 1 }, deadLetters: [] },
      days: [{ day: '2023-11-14', event: 'Email Send', count: 1 }],
    },
    { id: 2, imported: 1, skipped: {}, days: [{ event: 'Email Send', count: 1 }] },
  ]);
  expect(delivery.status().lastSuccessAt).toBeDefined();
});

it('allows more requests while all of them succeed, and one after a failure', async () => {
  const waiting: (() => void)[] = [];
  answer = events =>
    new Promise(resolve => {
      waiting.push(() => resolve(imported(events.length)));
    });
  let next = 0;
  journal.lease = async () => {
    next += 1;
    journal.add(next);
    return journal.waiting.splice(0);
  };
  const crowded = new ConnectionDelivery({ ...options(), config: { ...options().config, concurrency: 10 } });
  crowded.start();
  for (let round = 0; round < 60; round += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (const resolve of waiting.splice(0)) resolve();
  }
  expect(crowded.status().requestsAtMost).toBe(10);
  answer = async () => ({ kind: 'answered', status: 429, body: '{}', retryAfterMs: undefined });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(crowded.status()).toMatchObject({ state: 'retrying', requestsAtMost: 1 });
  const stopped = crowded.stop(0);
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
});

const throttled =
  (retryAfterMs?: number): typeof answer =>
  async () => ({ kind: 'answered', status: 429, body: '{"error":"slow down"}', retryAfterMs });
const waitOf = (forMs: number) => ({
  ...{ forMs, ageMs: 10_000, failures: 3, code: 'mixpanel_throttled', detail: 'Mixpanel answered 429' },
});

it('stores the wait that Mixpanel asks for; rows wait no longer for it than their own backoff', async () => {
  answer = throttled(3_600_000);
  journal.add(1);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(journal.postponements).toMatchObject([{ code: 'mixpanel_throttled', failures: 1 }]);
  expect(journal.postponements[0]!.forMs).toBeCloseTo(3_600_000, -2);
  expect(journal.released[0]!.delayMs).toBeLessThanOrEqual(65_000 * 1.05);
});

it.each<[string, typeof answer]>([
  ['a lost answer', async () => ({ kind: 'lost', why: 'ECONNREFUSED' })],
  ['refused credentials', async () => ({ kind: 'answered', status: 401, body: '', retryAfterMs: 90_000 })],
  ['a malformed answer', async () => ({ kind: 'answered', status: 200, body: '', retryAfterMs: undefined })],
])('stores no wait after %s: a restart tries at once', async (_what, given) => {
  answer = given;
  journal.add(1);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(delivery.status().failuresInARow).toBe(1);
  expect(journal.postponements).toEqual([]);
});

it('stores a wait that Mixpanel asks for during a stop', async () => {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  answer = () => promise;
  journal.add(4);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  const stopped = delivery.stop(10_000);
  resolve(await throttled(90_000)([]));
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
  expect(journal.postponements).toHaveLength(1);
  expect(journal.released).toEqual([{ ids: [4], delayMs: 0, attempt: false }]);
});

it('starts with the wait in storage, reports its reason, and sends old and new batches after it', async () => {
  journal.add(1);
  journal.stored = waitOf(80_000);
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(delivery.status()).toMatchObject({
    ...{ state: 'retrying', failuresInARow: 3 },
    lastError: {
      code: 'mixpanel_throttled',
      message: expect.stringContaining('Mixpanel answered 429'),
      at: new Date(1_800_000_000_000 - 10_000).toISOString(),
      resolvedAt: null,
    },
  });
  expect(delivery.status().nextAttemptInMs).toBeGreaterThan(79_000);
  journal.add(2);
  delivery.wake();
  await vi.advanceTimersByTimeAsync(79_000);
  expect(sent).toEqual([]);

  journal.stored = undefined;
  await vi.advanceTimersByTimeAsync(1_100);
  expect(journal.completed.map(({ id }) => id)).toEqual([1, 2]);
  expect(delivery.status()).toMatchObject({ state: 'idle', lastError: { resolvedAt: expect.any(String) } });
});

it('applies a wait that another replica stored at its next empty lease, and is idle again after it', async () => {
  delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(delivery.status().state).toBe('idle');
  journal.stored = waitOf(30_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(delivery.status().state).toBe('retrying');
  journal.stored = undefined;
  await vi.advanceTimersByTimeAsync(31_000);
  expect(delivery.status()).toMatchObject({ state: 'idle', lastError: { resolvedAt: expect.any(String) } });
});

describe('a batch that could crash the process', () => {
  const oversize = (count: number) =>
    new TextEncoder().encode(JSON.stringify({ events: Array(count).fill(0) }));

  it('that was leased at a crash is tried by itself, and nothing of it is sent before it is acquitted', async () => {
    journal.add(7, { deaths: 1 });
    delivery.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(journal.acquitted).toEqual([7]);
    expect(sent).toEqual([]);
    expect(journal.completed).toEqual([]);
    journal.add(7);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(1);
  });

  it('is never worked on beside another suspect of the process, so that a crash by one never counts for another', async () => {
    const suspects = new SuspectSlot();
    const active = new Set<string>();
    const acquitted: string[] = [];
    let most = 0;
    const deliveries = ['one', 'two', 'three'].map(connection => {
      const own = new NotingJournal();
      own.add(1, { connection, deaths: 1 });
      own.add(2, { connection, deaths: 1 });
      own.lease = async ({ alone }) => {
        await new Promise(resolve => setTimeout(resolve, 5));
        const rows = alone ? own.waiting.splice(0, 1) : [];
        if (rows.length > 0) active.add(connection);
        most = Math.max(most, active.size);
        return rows;
      };
      own.acquit = async (_owner, id) => {
        await new Promise(resolve => setTimeout(resolve, 20));
        active.delete(connection);
        acquitted.push(`${connection} ${id}`);
      };
      return new ConnectionDelivery({ ...options(), connection, journal: own, suspects });
    });
    for (const each of deliveries) each.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(most).toBe(1);
    expect(acquitted.sort()).toEqual(['one 1', 'one 2', 'three 1', 'three 2', 'two 1', 'two 2']);
    const stopped = deliveries.map(each => each.stop(0));
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(stopped);
  });

  it('of more events than are mapped at once is split, not mapped', async () => {
    journal.add(7, { events: 10_001, body: oversize(10_001) });
    delivery.start();
    const parts = [2_000, 2_000, 2_000, 2_000, 2_000, 1];
    await vi.waitFor(() => expect(journal.splitUp).toEqual([{ id: 7, events: parts }]));
    expect(sent).toEqual([]);
  });

  it.each([
    ['does not have the events that were counted', oversize(3)],
    ['is not what was accepted', new TextEncoder().encode('{"events":[0,')],
  ])('that %s is set aside for a while, and reported', async (_what, body) => {
    journal.add(7, { events: 10_001, body });
    delivery.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(delivery.status().lastError?.code).toBe('batch_unreadable');
    expect(journal.released).toEqual([{ ids: [7], delayMs: 300_000, attempt: true }]);
  });
});
