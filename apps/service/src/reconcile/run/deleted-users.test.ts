import type { VendorDeletion } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { type Deletion, newDeletion, storedDeletion } from '../../privacy/deletions/deletion.ts';
import { deletedUsers } from './deleted-users.ts';

const at = (day: string) => Date.parse(`${day}T10:00:00Z`);
const deletion = (number: string, changes: Partial<Deletion> = {}, day = '2026-03-05'): VendorDeletion => ({
  ...storedDeletion({
    ...newDeletion({ number, project: 'p', connection: 'default' }, 'fake-user', at(day)),
    ...{ externalId: null, ...changes },
  }),
  revision: 1,
});
const usersOn = async (
  days: readonly string[],
  stored: Readonly<Record<string, readonly VendorDeletion[]>>,
) => {
  const deletionsOf = async (connection: string) => [...(stored[connection] ?? [])];
  const of = await deletedUsers(['default', 'eu'], { deletionsOf }, 0);
  return days.map(day => of(day)?.users ?? 0);
};
const days = ['2026-03-04', '2026-03-05', '2026-03-06'];

it.each<[string, Partial<Deletion>, boolean]>([
  ['is done', { state: 'done', status: 'SUCCESS' }, true],
  ['is being done', { state: 'followed', status: 'STARTED' }, true],
  ['is accepted', { state: 'followed', status: 'PENDING' }, false],
  ['waits for its request', { state: 'waiting' }, false],
  ['failed', { state: 'failed', status: 'FAILURE' }, false],
  ['was withdrawn', { state: 'withdrawn' }, false],
])('A user whose deletion %s', async (_title, changes, isDeleted) => {
  expect(await usersOn(days, { default: [deletion('a1', changes)] })).toEqual(
    isDeleted ? [1, 1, 0] : [0, 0, 0],
  );
});

it('A user is one, of several connections and requests, until the last day of a deletion', async () => {
  const earlier = [{ taskId: 't1', state: 'done', endedAt: at('2026-03-04') }] as const;
  const stored = {
    default: [deletion('a1', { state: 'waiting', earlier: [...earlier] }), deletion('b2', { state: 'done' })],
    eu: [deletion('b2', { state: 'done' }, '2026-03-06')],
  };
  expect(await usersOn(days, stored)).toEqual([2, 1, 1]);
});

it('Only events of days whose bodies were not kept until the request are not counted', async () => {
  const deletionsOf = async () => [deletion('a1', { state: 'done' })];
  const of = await deletedUsers(['default'], { deletionsOf }, 2 * 86_400_000);
  expect(['2026-03-03', '2026-03-04', '2026-03-06'].map(day => of(day))).toEqual([
    { users: 1, most: 100 },
    { users: 1, most: 0 },
    undefined,
  ]);
});
