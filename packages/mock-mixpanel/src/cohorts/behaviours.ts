import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** The rules of cohorts and of identity, which belong to no route, for `/_sim/coverage`. */
export const cohortBehaviours: readonly Behaviour[] = [
  {
    id: 'cohort-by-rule',
    rules: [
      ...rulesFrom.cohorts(
        'users with a count of an event within a period, by conditions on its properties',
        'users whose profile meets conditions',
        'evaluated at each request, and at each run of a sync',
      ),
      ...rulesFrom.deduplication('an event without duplicates counts once, and the newest one decides'),
      ...rulesFrom.choice(
        'a rule without a required event is about users with a profile',
        'a condition on a list applies to any element',
      ),
    ],
  },
  {
    id: 'identity',
    rules: [
      ...rulesFrom.identity(
        '$identify, $create_alias and $merge merge two users; the identified id, the distinct id and the first one become canonical',
      ),
      ...rulesFrom.simplifiedIdentity('simplified: $device_id and $user_id on one event merge the two users'),
      ...rulesFrom.choice(
        'the profile of the canonical id wins, property by property',
        'an alias or an id can be merged any number of times, also in a circle',
      ),
    ],
  },
];
