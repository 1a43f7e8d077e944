import { expect, it } from 'vitest';
import type { Status } from '../page/src/service/status.ts';
import { happenedInService } from '../page/src/time/happened-in-service.ts';
import { happenedIn, scheduledByFollowers, scheduledIn } from '../page/src/time/line.ts';

const known = {
  syncs: [],
  cohorts: new Map<number, string>(),
  currents: [{ id: 'current-2', name: 'To the service' }],
};
const scheduled = (...names: readonly string[]) =>
  scheduledIn('mock-braze', { total: 1, scheduled: names.map(name => ({ at: 0, name })), ran: [] }, known);

it.each([
  ['Currents flush of users.canvas.Entry', 'batch of waiting events'],
  ['Currents retry of users.canvas.Entry', 'redelivery'],
  ['Currents late batch of users.canvas.Entry', 'late batch'],
  ['Currents disabling', 'Braze disables it, since it fails'],
  ['Currents queue of a disabled Current', 'Braze drops what the disabled Current did not send'],
])('the timer "%s" has the name of its Current, and leads to it', (name, does) => {
  const [entry] = scheduled(`current-2: ${name}`);
  expect(entry?.title).toBe(`Current To the service: ${does}`);
  expect(entry?.route).toBe('/mock-braze/currents/current-2');
});

it('timers of two Currents are apart, those of one are together with their number', () => {
  const flush = (current: string, type: string) => `${current}: Currents flush of ${type}`;
  const entries = scheduled(flush('current-2', 'a.b'), flush('current-2', 'a.c'), flush('current-3', 'a.b'));
  expect(entries.map(({ title, text }) => [title, text])).toEqual([
    ['Current To the service: batch of waiting events', '2 event types'],
    ['Current current-3: batch of waiting events', 'a.b'],
  ]);
});

it.each(['', 'job', 'timer', 'current-2: timer', 'current-2: '])(
  'a timer without a name ("%s") is left out of what is scheduled and of what happened',
  name => {
    const ran = [{ at: 0, name, error: null }];
    expect(scheduled(name)).toEqual([]);
    expect(happenedIn('mock-braze', { total: 0, scheduled: [], ran }, known)).toEqual([]);
  },
);

it('the next thing of a process that this console does not show has its name, and the process', () => {
  const id = '6f1f1a52-2d0e-4a3c-9d57-1f2b6a1f0c11';
  const next = { nextDue: 5, nextName: 'cohort sync of Power users' };
  const followers = [
    { follower: `service-${id}`, ...next },
    { follower: `mock-braze-${id}`, ...next },
    { follower: 'worker', nextDue: 7, nextName: 'job' },
    { follower: 'idle', nextDue: null, nextName: null },
  ];
  expect(scheduledByFollowers(followers, ['mock-braze'])).toMatchObject([
    { at: 5, server: 'service', title: 'Cohort sync of Power users' },
  ]);
});

it('runs, read-backs and failures of the service are among what happened, each once and with its outcome', () => {
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const never = { problem: null, lastSuccess: null, confirmedAt: null };
  const synced = { lastSuccess: at(2), confirmedAt: at(3), confirmedMembers: 7, confirmedOf: 8 };
  const failed = { problem: { code: 'x', message: 'Braze is down.', at: at(1) } };
  const cohorts = [
    { ...never, ...synced, id: '1', name: 'Buyers' },
    { ...never, ...failed, id: '2', name: 'Readers' },
    { ...never, id: '3', name: 'New' },
  ];
  const lastError = { code: 'y', message: 'Mixpanel fails.', at: at(9), since: at(4), resolvedAt: at(10) };
  const of = (delivery: unknown) =>
    happenedInService('service', {
      ready: true,
      connections: { default: { cohorts, delivery } },
    } as unknown as Status);
  const entries = of({ lastError });
  expect(entries.map(({ at, title, text, outcome }) => [at / 1_000, title, text, outcome])).toEqual([
    [2, 'Cohort sync of Buyers', "Braze accepted Mixpanel's newest list", 'good'],
    [3, 'Cohort sync of Buyers', '7 of 8 members read back from Braze are as sent', 'bad'],
    [1, 'Cohort sync of Readers', 'Braze is down.', 'bad'],
    [4, 'Delivery of connection default to Mixpanel fails', 'Mixpanel fails.', 'bad'],
    [10, 'Delivery of connection default to Mixpanel succeeds again', undefined, 'good'],
  ]);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  const ofCode = (code: string) => of({ lastError: { ...lastError, code } }).slice(-2);
  expect(ofCode('refused_by_mixpanel').map(({ title }) => title)).toEqual([
    'Mixpanel refuses records of connection default, which are dead letters',
    'Mixpanel accepts all records of connection default again',
  ]);
  expect(ofCode('batch_unreadable')[0]?.title).toBe('A batch of connection default cannot be mapped');
  expect(entries[0]?.route).toBe('/service/cohorts/1');
  expect(of({ lastError: { ...lastError, resolvedAt: null } })).toHaveLength(4);
  expect(of(null)).toHaveLength(3);
});
