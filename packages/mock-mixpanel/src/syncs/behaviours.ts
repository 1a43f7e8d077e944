import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** The rules of the cohort syncs, for `/_sim/coverage`. */
export const syncBehaviours: readonly Behaviour[] = [
  {
    id: 'cohort-sync',
    rules: [
      ...rulesFrom.requestedPage('one-time, or dynamic: every two hours (settable)'),
      ...rulesFrom.webhookSync(
        'a run sends the whole cohort first and after errors, else what changed',
        'the snapshot of the last success is kept for three days',
        'a run that failed midway starts again from the top',
        '5XX and 429: five retries within 60 s, waits of 2, 4, 8, 15 and 31 s',
        '400, 401, 403 and 404 pause the sync',
        'at most 60 recurring syncs in a project',
      ),
      ...rulesFrom.choice(
        'runs never overlap; a tick during a run or a pause passes; started again it runs at once',
      ),
    ],
  },
  {
    id: 'cohort-sync.webhook',
    rules: [
      ...rulesFrom.webhookSync(
        'members, or add_members and then remove_members, in pages of 1,000, also when empty',
        'one session id for all calls of a run; pages count from 1 for each action',
      ),
      ...rulesFrom.choice(
        'fields without a value are left out of a member',
        'a 2XX without a readable answer is tried again',
      ),
    ],
  },
  {
    id: 'cohort-sync.braze',
    rules: [
      ...rulesFrom.partnerImport('creates the cohort, then sends up to 1,000 ids in a request'),
      ...rulesFrom.requestedPage('matches by $braze_external_id, else by distinct id'),
      ...rulesFrom.choice(
        'those whom a failed run may have brought in are taken out if they left meanwhile',
        'who left before a snapshot was lost stays in Braze',
      ),
    ],
  },
];
