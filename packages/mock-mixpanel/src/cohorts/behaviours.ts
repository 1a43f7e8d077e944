import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { sources } from '../sources.ts';

/** The rules of cohorts and of identity, which belong to no route, for `/_sim/coverage`. */
export const cohortBehaviours: readonly Behaviour[] = [
  {
    id: 'cohort-by-rule',
    rules: [
      {
        rule: 'users who did an event so often within a time, by conditions on its properties',
        source: sources.cohorts,
      },
      { rule: 'users whose profile fits conditions', source: sources.cohorts },
      { rule: 'evaluated when somebody looks, and at each run of a sync', source: sources.cohorts },
      {
        rule: 'an event without duplicates counts once, as the newest one says',
        source: sources.deduplication,
      },
      { rule: 'what was not done is asked of users with a profile', source: sources.choice },
      { rule: 'of a list, a condition means any element', source: sources.choice },
    ],
  },
  {
    id: 'identity',
    rules: [
      {
        rule: '$identify, $create_alias and $merge make two users one; the identified id, the distinct id and the first one stay',
        source: sources.identity,
      },
      {
        rule: 'simplified: $device_id and $user_id on one event make them one',
        source: sources.simplifiedIdentity,
      },
      { rule: 'the profile of the id that stays wins, property by property', source: sources.choice },
      {
        rule: 'an alias or an id can be joined any number of times, also in a circle',
        source: sources.choice,
      },
    ],
  },
];
