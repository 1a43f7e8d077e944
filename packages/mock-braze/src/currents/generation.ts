import {
  type CatalogueEntry,
  type CatalogueVersion,
  catalogue2022_06,
  catalogueVersions,
  customHttpEntries,
} from '@braze-mixpanel/core/currents';
import { z } from 'zod';

/** The ID of a catalogue version, such as `2026-07`; `2022-06` by default, as in the service. */
export const generationSchema = z.enum([...catalogueVersions.keys()]).default(catalogue2022_06.id);

/** The catalogue version of a validated ID. @throws Error if there is none after all. */
export function catalogueVersionOf(generation: string) {
  const catalogueVersion = catalogueVersions.get(generation);
  if (!catalogueVersion) throw new Error(`There is no catalogue version ${JSON.stringify(generation)}.`);
  return catalogueVersion;
}

/** The event types of a catalogue version that Braze exports, with those that only files have or without. */
export function exportedEntries(catalogueVersion: CatalogueVersion, storageOnly: boolean): CatalogueEntry[] {
  if (!storageOnly) return customHttpEntries(catalogueVersion);
  return catalogueVersion.entries.filter(({ retired }) => !retired);
}
