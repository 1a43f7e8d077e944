import { expect, it } from 'vitest';
import { brazeWords, type Moment, statusWords } from '../page/src/loop/status-words.ts';
import type { Current } from '../page/src/mock-braze/current.ts';
import type { CohortSync, Connection, Status } from '../page/src/service/status.ts';

const connection = {
  ...{ accepted: 10, imported: 10, skipped: {}, deadLettered: {}, refusing: null, notes: {} },
  pending: { batches: 0, events: 0, bytes: 0, early: 0, oldestSeconds: null },
  quarantined: { batches: 0, events: 0 },
  delivery: { state: 'idle', requestsInFlight: 0, requestsAtMost: 4, failuresInARow: 0 },
  ...{ findings: [], firstSeen: [], cohorts: [] },
} satisfies Connection;

const failing = {
  ...connection,
  pending: { ...connection.pending, events: 628, batches: 7, oldestSeconds: 40 },
  delivery: {
    ...{
      state: 'retrying',
      requestsInFlight: 0,
      requestsAtMost: 1,
      failuresInARow: 3,
      nextAttemptInMs: 9_400,
    },
    lastError: {
      ...{ code: 'mixpanel_failed', message: 'Mixpanel returned 503.', at: '2026-01-31T16:14:00.000Z' },
      ...{ since: '2026-01-31T16:13:20.000Z', resolvedAt: null },
    },
  },
} satisfies Connection;

const phrases = (status: Status, given: Partial<Moment> = {}) =>
  statusWords(status, {
    ...{ now: Date.parse('2026-01-31T16:15:00.000Z'), age: 0 },
    timeOf: at => at.slice(11, 16),
    ...{ isRefusingMore: false, newestRefusal: undefined },
    ...given,
  });
const words = (status: Status, age = 0) => phrases(status, { age }).map(({ text }) => text);
const only = (each: Connection, ready = true): Status => ({ ready, connections: { default: each } });

it('the status line says since when deliveries fail, counts down to the next attempt, and says what waits', () => {
  expect(words(only(failing), 2_000)).toEqual([
    'Receiving ✓',
    'Delivering ✗, retrying since 16:13, next attempt in 7 s',
    '628 events waiting',
    'No cohort syncs',
  ]);
  expect(words(only(failing), 10_000)[1]).toBe('Delivering ✗, retrying since 16:13, trying now');
});

it('the status line of a service in order is short', () => {
  expect(words(only(connection))).toEqual([
    'Receiving ✓',
    'Delivering ✓',
    'Nothing waiting',
    'No cohort syncs',
  ]);
});

it('the status line is not all green while dead letters are new, or may be, and says when they grow', () => {
  const status = only({ ...connection, deadLettered: { invalid_time: 109, unreadable: 1 } });
  const refused = (given: Partial<Moment>) => phrases(status, given)[2];
  const view = 'dead-letters';
  expect(refused({})).toEqual({ tone: 'warn', text: '110 events refused', view });
  expect(refused({ newestRefusal: '2026-01-31T16:05:00.000Z' })?.tone).toBe('warn');
  expect(refused({ newestRefusal: '2026-01-31T15:55:00.000Z' })?.tone).toBe('plain');
  const growing = { tone: 'bad', text: '110 events refused, growing', view };
  expect(refused({ isRefusingMore: true })).toEqual(growing);
  expect(refused({ isRefusingMore: true, newestRefusal: '2026-01-31T15:55:00.000Z' })).toEqual(growing);
});

it('the status line names the most urgent delivery of several connections, and adds what waits', () => {
  const held = { ...connection, delivery: { ...connection.delivery, state: 'held' } };
  const parked = { ...failing, delivery: { ...failing.delivery, state: 'parked' } };
  const status = { ready: true, connections: { first: held, second: parked, third: failing } };
  expect(words(status)[1]).toBe(
    'Delivering ✗, Mixpanel refuses every request since 16:13, next attempt in 9 s',
  );
  expect(words(status)[2]).toBe('1,256 events waiting');
  expect(words(only(held))[1]).toBe('Delivering: held by the configuration');
});

it('the status line says why nothing is received', () => {
  const storage = { ...only(connection, false), notReadyReason: 'the disk is full' };
  expect(words(storage)[0]).toBe('Receiving ✗, the disk is full');
  expect(words(only({ ...connection, refusing: 'The backlog exceeds 1 GB.' }))[0]).toBe(
    'Receiving ✗, batches are refused: The backlog exceeds 1 GB.',
  );
});

it('the status line says which events wait for their own time, or for an operator', () => {
  const early = { ...connection, pending: { ...connection.pending, events: 3, early: 3 } };
  expect(words(only(early))[2]).toBe('3 events waiting, all for their own time');
  const set = { ...failing, quarantined: { batches: 1, events: 28 } };
  expect(words(only(set))[2]).toBe('628 events waiting, 28 events of them for an operator');
});

it('the status line says what the cohorts need first, and otherwise when the next run is', () => {
  const sync = {
    ...{ problem: null, held: null, running: false, nextRun: '2026-01-31T17:27:00.000Z' },
  } as CohortSync;
  const problem = { code: 'x', message: 'It failed.', at: '2026-01-31T16:00:00.000Z' };
  const cohorts = (...syncs: CohortSync[]) => words(only({ ...connection, cohorts: syncs }))[3];
  expect(cohorts(sync, { ...sync, nextRun: null })).toBe('Cohorts ✓, next run in 1 h 12 min');
  expect(cohorts(sync, { ...sync, problem })).toBe('Cohorts ✗, 1 of 2 syncs failing');
  expect(cohorts(sync, { ...sync, held: { from: 9, to: 1 } })).toBe(
    'Cohorts: 1 change waiting for you to confirm',
  );
  const held = { from: 9, to: 1 };
  expect(cohorts({ ...sync, held, problem: { ...problem, code: 'shrinks_too_much' } })).toBe(
    'Cohorts: 1 change waiting for you to confirm',
  );
  expect(cohorts({ ...sync, held, problem })).toBe('Cohorts ✗, 1 of 1 sync failing');
  expect(cohorts({ ...sync, running: true })).toBe('Cohorts ✓, a sync is running');
});

const now = Date.parse('2026-01-31T16:14:00.000Z');
const queue = { eventType: 'users.messages.email.Open', pending: 0, waiting: 30, held: 0 };
const failingCurrent: Current = {
  ...{
    id: 'c-1',
    kind: 'custom-http',
    name: 'Sandbox',
    events: 'all',
    generation: 'newest',
    state: 'launched',
  },
  ...{ skipped: {}, missed: 0, sent: 5, dropped: {}, lastAnswer: null, disabledReason: null },
  failingSince: '2026-01-31T16:13:20.000Z',
  queues: [
    { ...queue, retryAt: '2026-01-31T16:14:12.000Z' },
    { ...queue, waiting: 0, pending: 2 },
  ],
};

it.each<[string, Partial<Current>, string[]]>([
  ['works', { failingSince: null }, []],
  ['backs off', {}, ['Braze ✗, 32 events waiting, next attempt in 12 s']],
  [
    'tries now',
    { queues: [{ ...queue, retryAt: '2026-01-31T16:13:59.000Z' }] },
    ['Braze ✗, 30 events waiting, next attempt now'],
  ],
  [
    'is refused',
    { queues: [{ ...queue, waiting: 0, held: 1 }] },
    ['Braze ✗, 1 event waiting, correct the Current'],
  ],
  ['is disabled', { state: 'disabled' }, ['Braze ✗, 32 events waiting, launch the Current again']],
  ['is paused', { state: 'paused', failingSince: null }, ['Braze sends nothing: no Current is launched']],
])('the status line says of a Current that %s what waits and when it is sent again', (_, change, texts) => {
  const phrases = brazeWords([{ ...failingCurrent, ...change }], now);
  expect(phrases.map(({ text }) => text)).toEqual(texts);
});

it('the status line says that Braze sends nothing where there is no Current', () => {
  expect(brazeWords([], now)).toEqual([
    { tone: 'warn', text: 'Braze sends nothing: there is no Current', view: 'currents' },
  ]);
});
