import { expect, it } from 'vitest';
import { readSettings } from '../../testing/read-settings.ts';
import { otherConnections } from './other-connections.ts';

const account = { mixpanel_service_account: 'reader', mixpanel_service_secret: 'fake' };
const id = { mixpanel_project_id: '1' };
const token = { mixpanel_token: 'project-token' };

it.each<[string, Record<string, string>, Record<string, string>, boolean]>([
  ['equal project IDs', { ...account, ...id }, { ...id, ...token }, true],
  [
    'unequal project IDs, whatever their tokens',
    { ...token, ...id },
    { ...token, mixpanel_project_id: '2' },
    false,
  ],
  ['equal tokens', token, token, true],
  ['unequal tokens', token, { mixpanel_token: 'other-token' }, false],
  ['an equal token, where one has a project ID as well', { ...token, ...id }, token, true],
  ['an equal token, where one imports as a service account', { ...account, ...id, ...token }, token, true],
  ['an equal secret', { mixpanel_api_secret: 'api-secret' }, { mixpanel_api_secret: 'api-secret' }, true],
  ['no key in common', { ...account, ...id }, token, false],
])('two connections with %s', (_title, one, other, isSame) => {
  const of = (name: string, settings: Record<string, string>) =>
    [
      `  ${name}:`,
      `    currents_token: ${name}`,
      ...Object.entries(settings).map(([key, value]) => `    ${key}: ${value}`),
    ].join('\n');
  const file = ['connections:', of('one', one), of('other', other), ''].join('\n');
  const { connections } = readSettings({ CONFIG_FILE: '/service.yaml' }, { '/service.yaml': file });
  const [first, second] = connections;
  expect(otherConnections(first!, connections)).toEqual(isSame ? ['other'] : []);
  expect(otherConnections(second!, connections)).toEqual(isSame ? ['one'] : []);
});
