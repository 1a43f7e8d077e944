import { catalogue2022_06 } from './catalogue-2022-06/index.ts';
import { catalogueVersions } from './catalogue-versions.ts';
import type { CatalogueVersion } from './types.ts';

/** @deprecated use `catalogue2022_06` */
export const generation2022_06 = catalogue2022_06;

/** @deprecated use `catalogueVersions` */
export const generations = catalogueVersions;

/** @deprecated use `CatalogueVersion` */
export type Generation = CatalogueVersion;
