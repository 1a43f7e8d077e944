import type { CatalogueEntry, CatalogueVersion } from './types.ts';

/**
 * Entries of the event types that Braze's Custom HTTP connector sends, in the catalogue's order: without
 * those that only the storage export has, and without retired ones.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/
 * @example
 * ```ts
 * import { catalogue2026_07, customHttpEntries } from '@braze-mixpanel/core/currents';
 *
 * console.log(customHttpEntries(catalogue2026_07).length); // 90
 * ```
 */
export function customHttpEntries({ entries }: CatalogueVersion): CatalogueEntry[] {
  return entries.filter(({ storageOnly, retired }) => !storageOnly && !retired);
}
