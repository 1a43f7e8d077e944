import { describe, expect, it } from 'vitest';
import { readCreate, readUsers } from './import-request.ts';

const created = { cohort_id: '1', name: 'Buyers', created_at: '2026-01-01T00:00:00Z' };

describe('a request that creates a cohort', () => {
  it.each([
    '2026-01-01',
    '2024-02-29',
    '2026-01-01T00:00',
    '2026-01-01T00:00:00.123Z',
    '2026-01-01T00:00:00+02:00',
  ])('accepts %s as a time', created_at => {
    expect(readCreate({ ...created, created_at }).ok).toBe(true);
  });

  it.each([
    [{ cohort_id: 1 }, 'invalidCohortId'],
    [{ cohort_id: ' ' }, 'invalidCohortId'],
    [{ name: '' }, 'invalidName'],
    [{ name: null }, 'invalidName'],
    [{ created_at: 'yesterday' }, 'invalidCreatedAt'],
    [{ created_at: 1_700_000_000 }, 'invalidCreatedAt'],
    [{ created_at: '2026-13-01' }, 'invalidCreatedAt'],
    [{ created_at: '2026-02-31T00:00:00Z' }, 'invalidCreatedAt'],
    [{ created_at: undefined }, 'invalidCreatedAt'],
    [{ name: '', created_at: 'yesterday' }, 'invalidName'],
  ])('is rejected with %j: %s', (change, error) => {
    expect(readCreate({ ...created, ...change })).toEqual({ ok: false, error });
  });
});

describe('a request that changes members', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

  it('adds by default, removes on request, and accepts a single alias without an array', () => {
    const alias = { alias_name: '17', alias_label: 'crm' };
    expect(
      readUsers({
        cohort_id: '1',
        cohort_changes: [{ user_ids: ['a'] }, { aliases: alias, should_remove: true }],
      }),
    ).toEqual({
      ok: true,
      value: {
        cohortId: '1',
        changes: [
          { userIds: ['a'], deviceIds: [], aliases: [], remove: false },
          { userIds: [], deviceIds: [], aliases: [alias], remove: true },
        ],
      },
    });
  });

  it('accepts at most 1,000 ids, over all kinds and elements', () => {
    const changes = (users: number) => [
      { user_ids: ids(users), device_ids: ids(300) },
      { aliases: ids(100).map(name => ({ alias_name: name, alias_label: 'crm' })), should_remove: true },
    ];
    expect(readUsers({ cohort_id: '1', cohort_changes: changes(600) }).ok).toBe(true);
    expect(readUsers({ cohort_id: '1', cohort_changes: changes(601) })).toEqual({
      ok: false,
      error: 'tooManyIds',
    });
  });

  it.each([
    [undefined],
    [{ user_ids: ['a'] }],
    [['a']],
    [[{}]],
    [[{ should_remove: true }]],
    [[{ user_ids: 'a' }]],
    [[{ user_ids: [1] }]],
    [[{ device_ids: [null] }]],
    [[{ aliases: ['a'] }]],
    [[{ aliases: [{ alias_name: 'a' }] }]],
    [[{ user_ids: ['a'], should_remove: 'yes' }]],
  ])('is rejected with the changes %j', cohort_changes => {
    expect(readUsers({ cohort_id: '1', cohort_changes })).toEqual({ ok: false, error: 'invalidChanges' });
  });
});
