import { catalogueVersions } from '@braze-mixpanel/core/currents';
import type { MappingOptions } from '@braze-mixpanel/core/mapping';
import type { ConnectionConfig } from './config.ts';

/** How events of a connection become events of Mixpanel. */
export function mappingOptionsOf({ currents }: Pick<ConnectionConfig, 'currents'>): MappingOptions {
  return {
    catalogueVersion: catalogueVersions.get(currents.catalogueVersion)!,
    sendUnlisted: currents.sendUnlisted,
    ...(currents.shadow && { shadow: true }),
    ...(currents.selection !== undefined && { selection: new Set(currents.selection) }),
  };
}
