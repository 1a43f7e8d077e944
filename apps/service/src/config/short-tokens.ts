import type { Secret } from '../secrets/secret.ts';
import { isLoopback, qualified } from './rules.ts';
import type { Settings } from './shape.ts';

const fewestCharacters = 16;

/** A warning for each setting with a short, guessable token if HOST is not a loopback address. */
export function shortTokens({ HOST, ADMIN_TOKEN, VIEWER_TOKEN, connections }: Settings): string[] {
  if (isLoopback(HOST)) return [];
  const ofConnections = Object.entries(connections).flatMap(([name, each]): [string, Secret[]][] => [
    [qualified(name, 'CURRENTS_TOKEN'), each.CURRENTS_TOKEN ?? []],
    [qualified(name, 'MIXPANEL_WEBHOOK_PASSWORD'), [each.MIXPANEL_WEBHOOK_PASSWORD ?? []].flat()],
  ]);
  const all: [string, Secret[]][] = [
    ['ADMIN_TOKEN', ADMIN_TOKEN ?? []],
    ['VIEWER_TOKEN', VIEWER_TOKEN ?? []],
    ...ofConnections,
  ];
  return all
    .filter(([, tokens]) => tokens.some(token => token.reveal().length < fewestCharacters))
    .map(
      ([setting]) =>
        `${setting} has fewer than ${fewestCharacters} characters, and HOST is ${HOST}, which other machines can reach. Use a random token, for example from: openssl rand -hex 24`,
    );
}
