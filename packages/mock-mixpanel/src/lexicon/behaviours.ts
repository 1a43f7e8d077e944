import type { Behaviour } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** What Lexicon does to events, for `/_sim/coverage`. */
export const lexiconBehaviours: readonly Behaviour[] = [
  {
    id: 'data-governance',
    rules: [
      ...rulesFrom.lexiconPage(
        'an event that Lexicon blocks is no longer stored; events from before stay',
        'a hidden event is stored and exported, and counted by a query that names it',
        'hiding or blocking an event in the interface gives it a schema, with hidden or dropped in its metadata',
      ),
      ...rulesFrom.schemas('an uploaded schema with dropped in its metadata drops the event at ingestion'),
      ...rulesFrom.dropFilters(
        'a drop filter has an event and values of one or more properties; an event that matches all of them is not stored',
        'events from before a drop filter stay, and what it dropped does not come back when it is deleted',
        'at most 15 drop filters',
      ),
      ...rulesFrom.choice(
        'a dropped event counts as imported in the answer, and not for hotShardEvents',
        'blocks and drop filters apply at once; Mixpanel takes up to hours for a block, and up to 10 minutes for a filter',
      ),
    ],
  },
];
