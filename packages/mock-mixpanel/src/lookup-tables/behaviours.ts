import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** The rules of lookup tables that belong to no route, for `/_sim/coverage`. */
export const lookupTableBehaviours: readonly Behaviour[] = [
  {
    id: 'lookup-table',
    rules: [
      ...rulesFrom.lookupGuide(
        'a property is mapped to one table at most, several properties may be mapped to the same one; not to distinct_id',
        'events get the columns of their row by the mapped property, also events from before the table',
      ),
      ...rulesFrom.lookupPage(
        'fields are numbers, booleans, timestamps, lists of texts or texts; an empty one is no value',
      ),
      ...rulesFrom.choice('the join compares texts: a number in an event joins the key with its digits'),
    ],
  },
];
