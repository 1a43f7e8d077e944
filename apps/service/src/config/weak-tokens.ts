import type { Secret } from '../secrets/secret.ts';
import type { Fault } from './gather.ts';
import { qualified } from './qualified.ts';
import { isLoopback } from './rules.ts';
import type { Settings } from './shape.ts';

const fewestCharacters = 16;

/** A warning for each setting with a token that a client may send differently, or that others could guess. */
export function weakTokens(settings: Settings): Fault[] {
  const { HOST } = settings;
  const tokens = tokensOf(settings);
  const spaced = tokens.filter(([, each]) => each.some(token => token.reveal().includes(' ')));
  const short = isLoopback(HOST)
    ? []
    : [...tokens, ...passwordsOf(settings)].filter(([, each]) =>
        each.some(token => token.reveal().length < fewestCharacters),
      );
  return [
    ...spaced.map(([setting]) => ({
      setting,
      message:
        'has a token with a space, which a bearer token cannot have (RFC 6750): some clients do not send it as written. Use letters, digits and hyphens, and a comma between two tokens.',
    })),
    ...short.map(([setting]) => ({
      setting,
      message: `has fewer than ${fewestCharacters} characters, and HOST is ${HOST}, which other machines can reach. Use a random token, for example from: openssl rand -hex 24`,
    })),
  ];
}

type Named = [setting: string, secrets: readonly Secret[]];

const tokensOf = ({ ADMIN_TOKEN, VIEWER_TOKEN, connections }: Settings): Named[] => [
  ['ADMIN_TOKEN', ADMIN_TOKEN ?? []],
  ['VIEWER_TOKEN', VIEWER_TOKEN ?? []],
  ...Object.entries(connections).map(
    ([name, each]): Named => [qualified(name, 'CURRENTS_TOKEN'), each.CURRENTS_TOKEN ?? []],
  ),
];

const passwordsOf = ({ connections }: Settings): Named[] =>
  Object.entries(connections).map(([name, { MIXPANEL_WEBHOOK_PASSWORD: password }]) => [
    qualified(name, 'MIXPANEL_WEBHOOK_PASSWORD'),
    password === undefined ? [] : [password],
  ]);
