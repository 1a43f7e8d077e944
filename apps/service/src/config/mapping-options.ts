import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { type MappingOptions, parseExclusion } from '@braze-mixpanel/core/mapping';
import type { ConnectionConfig } from './config.ts';

/** How events of a connection become events of Mixpanel. */
export function mappingOptionsOf({ currents }: Pick<ConnectionConfig, 'currents'>): MappingOptions {
  const catalogueVersion = catalogueVersions.get(currents.catalogueVersion)!;
  return {
    catalogueVersion,
    alsoSend: new Set(currents.alsoSend),
    names: new Map(Object.entries(currents.names)),
    exclusions: currents.exclusions.map(text => {
      const result = parseExclusion(text, catalogueVersion);
      if (!result.ok) throw new Error('An invalid exclusion passed the check of the configuration.');
      return result.exclusion;
    }),
    sendUnknown: currents.sendUnknown,
    sendUnattributed: currents.sendUnattributed,
    sendUserId: currents.sendUserId,
    sendUnlisted: currents.sendUnlisted,
    ...(currents.shadow && { shadow: true }),
    ...(currents.selection !== undefined && { selection: new Set(currents.selection) }),
  };
}
