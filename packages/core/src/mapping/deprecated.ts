import { MappingOptionsError, mappingOptionsText, parseMappingOptions } from './mapping-options.ts';
import type { MappingProfile } from './types.ts';

/** @deprecated use `mappingOptionsText` */
export const profileText = mappingOptionsText;

/** @deprecated use `parseMappingOptions` */
export function parseProfile(text: string): MappingProfile {
  const { catalogueVersion, ...options } = parseMappingOptions(text);
  return { generation: catalogueVersion, ...options };
}

/** @deprecated use `MappingOptionsError` */
export const ProfileError = MappingOptionsError;

/** @deprecated use `MappingOptionsError` */
export type ProfileError = MappingOptionsError;
