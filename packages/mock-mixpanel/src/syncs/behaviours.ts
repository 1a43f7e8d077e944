import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { sources } from '../sources.ts';

/** The rules of the cohort syncs, for `/_sim/coverage`. */
export const syncRules: readonly Behaviour[] = [
  {
    id: 'cohort-sync',
    rules: [
      { rule: 'one-time, or dynamic: every two hours (settable)', source: sources.requestedPage },
      {
        rule: 'a run sends the whole cohort first and after errors, else what changed',
        source: sources.webhookSync,
      },
      { rule: 'the snapshot of the last success is kept for three days', source: sources.webhookSync },
      { rule: 'a run that failed midway starts again from the top', source: sources.webhookSync },
      {
        rule: '5XX and 429: five retries within 60 s, waits of 2, 4, 8, 15 and 31 s',
        source: sources.webhookSync,
      },
      { rule: '400, 401, 403 and 404 pause the sync', source: sources.webhookSync },
      { rule: 'at most 60 recurring syncs in a project', source: sources.webhookSync },
      {
        rule: 'runs never overlap; a tick during a run or a pause passes; started again it runs at once',
        source: sources.choice,
      },
    ],
  },
  {
    id: 'cohort-sync.webhook',
    rules: [
      {
        rule: 'members, or add_members and then remove_members, in pages of 1,000, also when empty',
        source: sources.webhookSync,
      },
      {
        rule: 'one session id for all calls of a run; pages count from 1 for each action',
        source: sources.webhookSync,
      },
      { rule: 'fields without a value are left out of a member', source: sources.choice },
      { rule: 'a 2XX without a readable answer is tried again', source: sources.choice },
    ],
  },
  {
    id: 'cohort-sync.braze',
    rules: [
      { rule: 'creates the cohort, then sends up to 1,000 ids in a request', source: sources.partnerImport },
      { rule: 'matches by $braze_external_id, else by distinct id', source: sources.requestedPage },
      {
        rule: 'those whom a failed run may have brought in are taken out if they left meanwhile',
        source: sources.choice,
      },
      { rule: 'who left before a snapshot was lost stays in Braze', source: sources.choice },
    ],
  },
];
