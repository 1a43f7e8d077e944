import { describe, expect, it } from 'vitest';
import { partnerErrors, readCreate, readUsers } from './import-request.ts';

const created = { cohort_id: '1', name: 'Buyers', created_at: '2026-01-01T00:00:00Z' };

describe('a request that creates a cohort', () => {
  it.each(['2026-01-01', '2026-01-01T00:00', '2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00+02:00'])(
    'takes %s as a time',
    created_at => {
      expect(readCreate({ ...created, created_at }).ok).toBe(true);
    },
  );

  it.each([
    [{ cohort_id: 1 }, 'cohortId'],
    [{ cohort_id: ' ' }, 'cohortId'],
    [{ name: '' }, 'name'],
    [{ name: null }, 'name'],
    [{ created_at: 'yesterday' }, 'createdAt'],
    [{ created_at: 1_700_000_000 }, 'createdAt'],
    [{ created_at: '2026-13-01' }, 'createdAt'],
    [{ created_at: undefined }, 'createdAt'],
    [{ name: '', created_at: 'yesterday' }, 'name'],
  ])('is refused with %j: %s', (change, error) => {
    expect(readCreate({ ...created, ...change })).toEqual({ ok: false, error });
  });
});

describe('a request that changes members', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

  it('adds unless it is told to remove, and takes one alias without its array', () => {
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

  it('takes 1,000 ids of all kinds and elements together, and not one more', () => {
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
  ])('is refused with the changes %j', cohort_changes => {
    expect(readUsers({ cohort_id: '1', cohort_changes })).toEqual({ ok: false, error: 'cohortChanges' });
  });
});

it('the texts are those that Braze documents', () => {
  expect(Object.values(partnerErrors)).toMatchObject([
    { status: 401, message: 'Unauthorized access' },
    { status: 401, message: 'Invalid Partner API key' },
    { status: 401, message: 'Invalid client secret' },
    { status: 401, message: expect.stringMatching(/^Partner not enabled for client with client secret: $/) },
    { status: 400, message: '`cohort_id` must be a valid string' },
    {
      status: 400,
      message: expect.stringMatching(/^`cohort_changes` must be an array of objects each with key/),
    },
    { status: 400, message: 'Only 1,000 `user_ids`, `device_ids`, and `aliases` are allowed per request' },
    { status: 400, message: '`name` must be a non-empty string' },
    { status: 400, message: '`created_at` must be a valid time as an ISO-8601 string' },
    { status: 423, message: 'Resource locked' },
  ]);
});
