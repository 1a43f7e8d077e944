import type { DeletionStatus } from '../../privacy/deletions/deletion-status.ts';
import type { Finding } from './finding.ts';

export interface DeletionsState {
  /** Of the connection; `undefined` where there are none or that is not known. */
  readonly deletions?: Pick<DeletionStatus, 'stuck'> | undefined;
}

const users = (count: number) => (count === 1 ? '1 user' : `${count} users`);

/** Deletions of users in Mixpanel that need a look. */
export function deletionFindings({ deletions }: DeletionsState): Finding[] {
  const { waiting = 0, followed = 0, failed = 0 } = deletions?.stuck ?? {};
  const parts = [
    ...(failed > 0 ? [`the deletion of ${users(failed)} failed in the last 14 days`] : []),
    ...(waiting > 0 ? [`that of ${users(waiting)} was not accepted for a day`] : []),
    ...(followed > 0 ? [`that of ${users(followed)} takes longer than 30 days`] : []),
  ];
  if (parts.length === 0) return [];
  return [
    {
      ...{ id: 'user_deletions', severity: 'warning', since: null, deadline: null },
      message: `Forgotten users are not deleted in Mixpanel: ${parts.join('; ')}.`,
      next: 'receipts lists them, and receipts <number> has the reason of each.',
    },
  ];
}
