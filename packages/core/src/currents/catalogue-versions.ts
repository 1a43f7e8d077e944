import { catalogue2022_06 } from './catalogue-2022-06/index.ts';
import { catalogue2026_07 } from './catalogue-2026-07/index.ts';
import type { CatalogueVersion } from './types.ts';

/** Catalogue versions that a connection can use, by ID such as `2022-06`. */
export const catalogueVersions: ReadonlyMap<string, CatalogueVersion> = new Map([
  [catalogue2022_06.id, catalogue2022_06],
  [catalogue2026_07.id, catalogue2026_07],
]);
