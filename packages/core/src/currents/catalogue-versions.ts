import { catalogue2022_06 } from './catalogue-2022-06/index.ts';
import type { CatalogueVersion } from './types.ts';

/** Every catalogue version that a connection can use, by ID. */
export const catalogueVersions: ReadonlyMap<string, CatalogueVersion> = new Map([
  [catalogue2022_06.id, catalogue2022_06],
]);
