import { describe, expect, it } from 'vitest';
import { type Environment, readSettings, refusal, withToken } from '../testing/read-settings.ts';

describe('a configuration from the environment', () => {
  it('describes the connection "default", with the defaults of everything that is not set', () => {
    const config = readSettings(withToken);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      storageUrl: 'sqlite:./data/service.db',
      bodyLimit: 10 * 1024 * 1024,
      delivery: { concurrency: 10, retryBaseMs: 2_000, retryMaxMs: 60_000 },
      warnings: [],
    });
    expect(config.connections).toHaveLength(1);
    expect(config.connections[0]).toMatchObject({
      name: 'default',
      currents: { selection: undefined, catalogueVersion: '2022-06', sendUnlisted: false },
      mixpanel: {
        apiUrl: 'https://api.mixpanel.com',
        queryUrl: 'https://mixpanel.com',
        exportUrl: 'https://data.mixpanel.com',
        timeZone: 'UTC',
      },
      backlog: { maxBytes: 10 * 1024 ** 3, maxAgeMs: undefined },
      cohorts: { entries: [], syncIntervalMs: 7_200_000 },
    });
  });

  it('treats an empty text as not set', () => {
    expect(readSettings({ ...withToken, PORT: '', MIXPANEL_REGION: ' ', ADMIN_TOKEN: '' })).toMatchObject({
      port: 4000,
      access: { operators: [], viewers: [] },
    });
  });

  it.each(['a\u0000b', 'a\nb', 'a\u007fb', 'geheim-ü', '\ufffd\ufffd'])(
    'refuses a token that no Authorization header can carry: %j',
    token => {
      const { faults } = refusal(
        { ...withToken, CURRENTS_TOKEN: undefined, CURRENTS_TOKEN_FILE: '/token', ADMIN_TOKEN: `x${token}` },
        { '/token': token },
      );
      expect(faults.map(({ setting }) => setting)).toEqual(['ADMIN_TOKEN', 'CURRENTS_TOKEN']);
      for (const { message } of faults) {
        expect(message).toMatch(/^has a token with characters that an Authorization header does not allow/);
        expect(message).not.toContain(token);
      }
    },
  );

  it('accepts several Currents tokens while an old one is replaced', () => {
    const { tokens } = readSettings({ ...withToken, CURRENTS_TOKEN: 'old-token, new-token' }).connections[0]!
      .currents;
    expect(tokens.map(token => token.reveal())).toEqual(['old-token', 'new-token']);
  });

  it('reads a secret from the file that …_FILE names, without the line end', () => {
    const config = readSettings(
      { CURRENTS_TOKEN: 't', MIXPANEL_TOKEN_FILE: '/run/secrets/mixpanel' },
      { '/run/secrets/mixpanel': 'project-token\n' },
    );
    const { username } = config.connections[0]!.mixpanel.importCredentials;
    expect(typeof username === 'string' ? username : username.reveal()).toBe('project-token');
  });

  it('prefers the service account, then the project token, then the API secret', () => {
    const kinds = (environment: Environment) => {
      const { importCredentials, queryCredentials } = readSettings({ CURRENTS_TOKEN: 't', ...environment })
        .connections[0]!.mixpanel;
      return [importCredentials.kind, queryCredentials?.kind];
    };
    const account = {
      MIXPANEL_SERVICE_ACCOUNT: 'account',
      MIXPANEL_SERVICE_SECRET: 'secret',
      MIXPANEL_PROJECT_ID: '12345',
    };
    const token = { MIXPANEL_TOKEN: 'token' };
    const apiSecret = { MIXPANEL_API_SECRET: 'api-secret' };
    expect(kinds({ ...account, ...token, ...apiSecret })).toEqual(['service account', 'service account']);
    expect(kinds({ ...token, ...apiSecret })).toEqual(['project token', 'API secret']);
    expect(kinds(apiSecret)).toEqual(['API secret', 'API secret']);
    expect(kinds(token)).toEqual(['project token', undefined]);
  });

  it('derives both addresses from the region, unless they are given', () => {
    const { apiUrl, queryUrl } = readSettings({
      ...withToken,
      MIXPANEL_REGION: 'eu',
      MIXPANEL_QUERY_URL: 'http://127.0.0.1:4020/',
    }).connections[0]!.mixpanel;
    expect({ apiUrl, queryUrl }).toEqual({
      apiUrl: 'https://api-eu.mixpanel.com',
      queryUrl: 'http://127.0.0.1:4020',
    });
  });

  it('selects events by event type or by Mixpanel name', () => {
    const { selection } = readSettings({
      ...withToken,
      CURRENTS_EVENTS: 'Email Send, users.messages.email.Open',
    }).connections[0]!.currents;
    expect(selection).toEqual(['users.messages.email.Open', 'users.messages.email.Send']);
  });

  it('accepts Braze settings without cohorts', () => {
    expect(
      readSettings({ ...withToken, BRAZE_REST_URL: 'https://rest.fra-01.braze.eu' }).connections[0]!.braze
        .restUrl,
    ).toBe('https://rest.fra-01.braze.eu');
  });

  it.each(['http://127.0.0.1:4020', 'http://127.0.0.1:4020/', 'http://127.0.0.1:4020/_sim/clock'])(
    'accepts %s as the clock of simulators',
    clock => {
      const simulator = 'http://127.0.0.1:4020';
      const config = readSettings({
        ...withToken,
        CLOCK_URL: clock,
        MIXPANEL_API_URL: simulator,
        MIXPANEL_QUERY_URL: simulator,
      });
      expect(config.clockUrl).toBe('http://127.0.0.1:4020/_sim/clock');
    },
  );

  it('cannot be changed once it is read', () => {
    const config = readSettings(withToken);
    expect(Object.isFrozen(config) && Object.isFrozen(config.connections[0]!.currents.tokens)).toBe(true);
  });
});

describe('the address of the raw export', () => {
  it.each([
    [{ MIXPANEL_REGION: 'eu' }, 'https://data-eu.mixpanel.com'],
    [{ MIXPANEL_QUERY_URL: 'http://127.0.0.1:4020' }, 'http://127.0.0.1:4020'],
    [
      { MIXPANEL_QUERY_URL: 'http://127.0.0.1:4020', MIXPANEL_EXPORT_URL: 'http://127.0.0.1:4021' },
      'http://127.0.0.1:4021',
    ],
  ])('with %j is %s: credentials for a simulator never go to the vendor', (environment, exportUrl) => {
    expect(readSettings({ ...withToken, ...environment }).connections[0]!.mixpanel).toMatchObject({
      exportUrl,
    });
  });
});
