import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** What a deletion does after its request, for `/_sim/coverage`. */
export const deletionBehaviours: readonly Behaviour[] = [
  {
    id: 'data-deletion-task',
    rules: [
      ...rulesFrom.gdprPage(
        'PENDING, STAGING, STARTED, SUCCESS within 30 days',
        'deletes the events and profiles of the users',
      ),
      ...rulesFrom.endUserData(
        'deletes the data of every id that was merged with a given one',
        'a deleted user whose events are sent again is stored again',
      ),
      ...rulesFrom.choice(
        'it takes 30 days (setting deletionTakes): a third each as PENDING, STAGING and STARTED',
        'events that arrive before the end are deleted as well; $hotshard_events stay, since they have no distinct_id; so do profiles of groups',
      ),
    ],
  },
];
