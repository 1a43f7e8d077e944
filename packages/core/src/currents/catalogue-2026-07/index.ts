import { catalogue2022_06 } from '../catalogue-2022-06/index.ts';
import type { CatalogueEntry, CatalogueVersion } from '../types.ts';
import { catalogueEntry } from './catalogue-entry.ts';
import { glossary2026_07 } from './glossary.ts';

const entries: readonly CatalogueEntry[] = [
  ...glossary2026_07.map(catalogueEntry),
  ...catalogue2022_06.entries
    .filter(({ eventType }) => glossary2026_07.every(entry => entry.eventType !== eventType))
    .map(entry => ({ ...entry, retired: true as const })),
];

/**
 * Catalogue version of July 2026: the 94 event types of Braze's glossary (Currents version 10) with the
 * names and properties of its Mixpanel tabs, and the three News Feed event types of 2022-06, which Braze has
 * retired: they are marked `retired`.
 *
 * - Names are the headings of the tabs. The RCS and LINE tabs have headings such as “Send”, which do not name
 *   their channel and collide: these event types are named by their title, and marked `nameUnconfirmed`.
 * - Six event types have no tab. They are marked `noMixpanelEvent`, and sent only if selected by name.
 * - The free properties of custom events and purchases are those of 2022-06.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/
 */
export const catalogue2026_07: CatalogueVersion = {
  id: '2026-07',
  entries,
  byType: new Map(entries.map(entry => [entry.eventType, entry])),
};
