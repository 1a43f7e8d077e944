import type { ConnectionConfig, MixpanelConfig } from '../../config/config.ts';

/** Names of other connections that deliver to the project of this one, as far as their settings show it. */
export const otherConnections = (
  { name, mixpanel }: ConnectionConfig,
  connections: readonly ConnectionConfig[],
): string[] =>
  connections
    .filter(each => each.name !== name && isSameProject(each.mixpanel, mixpanel))
    .map(each => each.name);

/** By the project IDs where both are known, or else by an equal token or secret. */
function isSameProject(one: MixpanelConfig, other: MixpanelConfig): boolean {
  if (one.apiUrl !== other.apiUrl) return false;
  if (one.projectId !== undefined && other.projectId !== undefined) return one.projectId === other.projectId;
  const known = keysOf(other);
  return keysOf(one).some(key => known.includes(key));
}

/** Keys that belong to one project; a service account may have several. */
const keysOf = ({ projectToken, importCredentials: { kind, username } }: MixpanelConfig): string[] => [
  ...(projectToken === undefined ? [] : [projectToken.reveal()]),
  ...(kind === 'API secret' && typeof username !== 'string' ? [username.reveal()] : []),
];
