import { qualified } from './rules.ts';
import type { ConnectionSettings, Settings } from './shape.ts';
import { wrongHosts } from './vendor-hosts.ts';
import { weakTokens } from './weak-tokens.ts';

/** A sentence for each valid setting that should be changed. */
export function warningsOf(settings: Settings): string[] {
  const connections = Object.entries(settings.connections);
  return [
    ...weakTokens(settings),
    ...connections.flatMap(([name, each]) => warningsOfConnection(name, each)),
  ];
}

function warningsOfConnection(name: string, settings: ConnectionSettings): string[] {
  const warnings: string[] = [];
  if (settings.CURRENTS_TOKEN === undefined) {
    warnings.push(
      `${qualified(name, 'CURRENTS_TOKEN')} is not set: any process on this machine can send events. Set the token that Braze sends.`,
    );
  }
  for (const { setting, message, certain } of wrongHosts(settings))
    if (!certain) warnings.push(`${qualified(name, setting)} ${message}`);
  return warnings;
}
