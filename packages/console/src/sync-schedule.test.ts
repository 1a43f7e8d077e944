import { describe, expect, it } from 'vitest';
import { howOf, nextRunOf, type SyncSchedule, startedRunOf } from '../page/src/service/sync-schedule.ts';

const sync = (more: Partial<SyncSchedule> = {}): SyncSchedule => ({
  ...{ mode: 'dynamic', source: 'webhook', intervalSeconds: 7_200, held: null, openMembers: 0 },
  ...{ nextRunFor: 'full_send', lastPush: '2026-03-01T00:00:00Z', brazeMembersAt: '2026-03-01T00:00:00Z' },
  ...more,
});

describe('a cohort that Mixpanel pushes', () => {
  it.each<[string, Partial<SyncSchedule>, RegExp]>([
    ['with nothing open', {}, /reads nothing: .* no run appears\. Run the sync in Mixpanel/],
    ['with open members', { openMembers: 2 }, /sends again 2 open members of the last list/],
    ['without a push', { lastPush: null, brazeMembersAt: null }, /nothing was pushed yet/],
    ['whose change is held', { held: { from: 9, to: 1 } }, /waits for you to confirm/],
  ])('%s says what “Run now” does', (_, more, text) => expect(startedRunOf(sync(more))).toMatch(text));

  it('says that the next run is a full send, and whose schedule its list follows', () => {
    expect(nextRunOf(sync())).toContain('whole known list');
    expect(howOf(sync())).toBe('Dynamic; Mixpanel pushes the list on its own schedule, expected every 2 h');
  });
});

it('a cohort that the service reads says how often, and that a run was started', () => {
  const read = sync({ source: 'query', nextRunFor: 'read' });
  expect(howOf(read)).toBe('Dynamic, every 2 h; the service reads the list');
  expect(howOf({ ...read, mode: 'one-time' })).toBe('One-time; the service reads the list');
  expect(startedRunOf(read)).toBe('A run was started.');
  expect(nextRunOf(read)).toContain('reads');
});
