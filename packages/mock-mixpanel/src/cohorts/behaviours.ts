import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** The rules of cohorts and of identity, which belong to no route, for `/_sim/coverage`. */
export const cohortBehaviours: readonly Behaviour[] = [
  {
    id: 'cohort-by-rule',
    rules: [
      ...rulesFrom.cohorts(
        'users who did an event so often within a time, by conditions on its properties',
        'users whose profile fits conditions',
        'evaluated at each request, and at each run of a sync',
      ),
      ...rulesFrom.deduplication('an event without duplicates counts once, as the newest one says'),
      ...rulesFrom.choice(
        'what was not done is asked of users with a profile',
        'of a list, a condition means any element',
      ),
    ],
  },
  {
    id: 'identity',
    rules: [
      ...rulesFrom.identity(
        '$identify, $create_alias and $merge make two users one; the identified id, the distinct id and the first one stay',
      ),
      ...rulesFrom.simplifiedIdentity('simplified: $device_id and $user_id on one event make them one'),
      ...rulesFrom.choice(
        'the profile of the id that stays wins, property by property',
        'an alias or an id can be joined any number of times, also in a circle',
      ),
    ],
  },
];
