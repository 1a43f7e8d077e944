import type { Entry } from '../lookup-tables/entry.ts';

/** A campaign as the lookup tables keep it, without messages. */
export const entryOf = (fields: Partial<Entry> = {}): Entry => ({
  ...{ kind: 'campaign', id: 'c1', name: 'Welcome', tags: [], lastEdited: null, detailsAt: 0 },
  ...{ archived: false, channels: [], variations: [], firstSent: null, lastSent: null },
  ...{ messages: {}, steps: {} },
  ...fields,
});
