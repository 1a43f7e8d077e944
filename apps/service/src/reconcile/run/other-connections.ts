import type { ConnectionConfig, MixpanelConfig } from '../../config/config.ts';

/** Names of other connections that deliver to the project of this one, as far as their settings show it. */
export const otherConnections = (
  { name, mixpanel }: ConnectionConfig,
  connections: readonly ConnectionConfig[],
): string[] =>
  connections
    .filter(each => each.name !== name && isSameProject(each.mixpanel, mixpanel))
    .map(each => each.name);

/** By the project ID, or else by the token or secret. */
function isSameProject(one: MixpanelConfig, other: MixpanelConfig): boolean {
  if (one.apiUrl !== other.apiUrl) return false;
  if (one.projectId !== undefined || other.projectId !== undefined) return one.projectId === other.projectId;
  return usernameOf(one) === usernameOf(other);
}

const usernameOf = ({ importCredentials: { username } }: MixpanelConfig): string =>
  typeof username === 'string' ? username : username.reveal();
