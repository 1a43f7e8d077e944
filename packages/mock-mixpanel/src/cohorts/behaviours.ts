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
      ...rulesFrom.identity('$identify, $create_alias and $merge merge two users'),
      ...rulesFrom.browserClient('$identify with distinct_id and $anon_distinct_id merges these two'),
      ...rulesFrom.mergeDiagrams(
        '$identify merges nothing if $anon_id is no UUID v4, is merged already, or is the identified id; $create_alias nothing if the alias is merged already',
        'an event that merges nothing is accepted, and stored with $failure_reason',
      ),
      ...rulesFrom.originalIdentity.against(
        'mergeDiagrams',
        'a user has at most 500 ids, not fewer than 500',
      ),
      ...rulesFrom.choice(
        'the identified id, the distinct id and the first of two merged ids become canonical; Mixpanel does not say which one it chooses',
        'a UUID v4 may have the prefix $device: of the client libraries',
      ),
      ...rulesFrom.simplifiedIdentity(
        'simplified: $device_id and $user_id on one event merge the two users; the first user of a device stays',
        'simplified: two users with a $user_id are never merged',
        'the setting idManagement (simplified by default, or original) cannot change while the project has data',
      ),
      ...rulesFrom.choice(
        'the profile of the canonical id wins, property by property',
        '$merge can name the same ids any number of times, also in a circle',
      ),
    ],
  },
];
