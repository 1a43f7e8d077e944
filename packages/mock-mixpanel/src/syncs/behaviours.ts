import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** The rules of the cohort syncs, for `/_sim/coverage`. */
export const syncBehaviours: readonly Behaviour[] = [
  {
    id: 'cohort-sync',
    rules: [
      ...rulesFrom.requestedPage('one-time, or dynamic at its own interval'),
      ...rulesFrom.webhookSync(
        'a run sends the whole cohort first and after errors, else what changed',
        'the snapshot of the last success is kept for three days',
        'after a failed run the next one starts from the beginning',
        '5XX and 429: five retries within 60 s, waits of 2, 4, 8, 15 and 31 s',
        '400, 401, 403 and 404 pause the sync',
        'at most 60 recurring syncs in a project',
      ),
      ...rulesFrom.choice(
        'runs never overlap; a tick during a run or a pause is skipped; a restarted sync runs at once',
      ),
    ],
  },
  {
    id: 'cohort-sync.webhook',
    rules: [
      ...rulesFrom.webhookSync(
        'every 30 minutes, unless the sync names another interval',
        'members, or add_members and then remove_members, in pages of 1,000, also when empty',
        'one session id for all calls of a run; pages count from 1 for each action',
      ),
      ...rulesFrom.choice(
        'a member has no fields without a value',
        'a 2XX without a readable answer is retried',
      ),
    ],
  },
  {
    id: 'cohort-sync.braze',
    rules: [
      ...rulesFrom.partnerImport('creates the cohort, then sends up to 1,000 ids in a request'),
      ...rulesFrom.requestedPage.against(
        'laterCohortPage',
        'every two hours, not every 15 minutes, unless the sync names another interval',
      ),
      ...rulesFrom.requestedPage('matches by $braze_external_id, else by distinct id'),
      ...rulesFrom.choice(
        'users that a failed run may have added are removed if they left meanwhile',
        'a user who left before the snapshot was lost stays in Braze',
        'connecting does not check the key: the first sync shows whether Braze accepts it',
        'no two connections have one name',
      ),
    ],
  },
];
