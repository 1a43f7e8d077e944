import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigRefused, readConfig } from './config.ts';
import { printable } from './printable.ts';

type Environment = Record<string, string | undefined>;

const files = (contents: Record<string, string>) => (path: string) => {
  const text = contents[path];
  if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  return text;
};
const read = (environment: Environment, contents: Record<string, string> = {}) =>
  readConfig({ environment, readFile: files(contents) });
const withToken = { CURRENTS_TOKEN: 'currents-token', MIXPANEL_TOKEN: 'project-token' };

function refusal(environment: Environment, contents: Record<string, string> = {}): ConfigRefused {
  try {
    read(environment, contents);
  } catch (error) {
    if (error instanceof ConfigRefused) return error;
    throw error;
  }
  throw new Error('The configuration was not refused.');
}
const faultsOf = (environment: Environment, contents?: Record<string, string>) =>
  refusal(environment, contents).faults.map(({ setting, message }) => `${setting} ${message}`);

describe('the environment', () => {
  it('describes the connection "default", with the defaults of everything that is not set', () => {
    const config = read(withToken);
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
      },
      backlog: { maxBytes: 10 * 1024 ** 3, maxAgeMs: undefined },
      cohorts: { entries: [], syncIntervalMs: 7_200_000 },
    });
  });

  it('takes an empty text as not set', () => {
    expect(read({ ...withToken, PORT: '', MIXPANEL_REGION: ' ', ADMIN_TOKEN: '' })).toMatchObject({
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
    const { tokens } = read({ ...withToken, CURRENTS_TOKEN: 'old-token, new-token' }).connections[0]!
      .currents;
    expect(tokens.map(token => token.reveal())).toEqual(['old-token', 'new-token']);
  });

  it('reads a secret from the file that …_FILE names, without the line end', () => {
    const config = read(
      { CURRENTS_TOKEN: 't', MIXPANEL_TOKEN_FILE: '/run/secrets/mixpanel' },
      { '/run/secrets/mixpanel': 'project-token\n' },
    );
    const { username } = config.connections[0]!.mixpanel.importCredentials;
    expect(typeof username === 'string' ? username : username.reveal()).toBe('project-token');
  });

  it('prefers the service account, then the project token, then the API secret', () => {
    const kinds = (environment: Environment) => {
      const { importCredentials, queryCredentials } = read({ CURRENTS_TOKEN: 't', ...environment })
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

  it('names March 2027 where an API secret is used', () => {
    expect(
      read({ ...withToken, MIXPANEL_API_SECRET: 'api-secret', MIXPANEL_PROJECT_ID: '1' }).warnings,
    ).toEqual([expect.stringMatching(/^MIXPANEL_API_SECRET is set: .* March 2027\./)]);
  });

  it('derives both addresses from the region, unless they are given', () => {
    const { apiUrl, queryUrl } = read({
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
    const { selection } = read({
      ...withToken,
      CURRENTS_EVENTS: 'Email Send, users.messages.email.Open',
    }).connections[0]!.currents;
    expect(selection).toEqual(['users.messages.email.Open', 'users.messages.email.Send']);
  });

  it('lets Braze settings stand without cohorts', () => {
    expect(
      read({ ...withToken, BRAZE_REST_URL: 'https://rest.fra-01.braze.eu' }).connections[0]!.braze.restUrl,
    ).toBe('https://rest.fra-01.braze.eu');
  });

  it.each(['http://127.0.0.1:4020', 'http://127.0.0.1:4020/', 'http://127.0.0.1:4020/_sim/clock'])(
    'takes %s as the clock of a simulator, beside simulators',
    clock => {
      const simulator = 'http://127.0.0.1:4020';
      const config = read({
        ...withToken,
        CLOCK_URL: clock,
        MIXPANEL_API_URL: simulator,
        MIXPANEL_QUERY_URL: simulator,
      });
      expect(config.clockUrl).toBe('http://127.0.0.1:4020/_sim/clock');
    },
  );

  it('cannot be changed once it is read', () => {
    const config = read(withToken);
    expect(Object.isFrozen(config) && Object.isFrozen(config.connections[0]!.currents.tokens)).toBe(true);
  });
});

describe('the YAML file', () => {
  const yaml = `
port: 4100
mixpanel_token: from-the-file
currents_token: file-token
connections:
  brand-a:
    currents_token: [old-token, new-token]
    mixpanel_token_file: /secrets/brand-a
    mixpanel_project_id: 12345678901234567890
    braze_rest_url: https://rest.iad-01.braze.com
    braze_rest_api_key: rest-key
    mixpanel_api_secret: api-secret
    cohorts:
      - { id: 12345, mode: one-time }
      - { id: 678 }
`;
  const contents = { 'service.yaml': yaml, '/secrets/brand-a': 'brand-a-token' };

  it('has named connections beside the default one, which the environment overrides', () => {
    const config = read({ CONFIG_FILE: 'service.yaml', MIXPANEL_TOKEN: 'from-the-environment' }, contents);
    expect(config.port).toBe(4100);
    const names = config.connections.map(({ name }) => name);
    expect(names.sort()).toEqual(['brand-a', 'default']);
    const byName = new Map(config.connections.map(each => [each.name, each]));
    const username = byName.get('default')!.mixpanel.importCredentials.username;
    expect(typeof username === 'string' ? username : username.reveal()).toBe('from-the-environment');
    expect(byName.get('brand-a')).toMatchObject({
      mixpanel: { projectId: '12345678901234567890' },
      cohorts: {
        entries: [
          { id: '12345', mode: 'one-time' },
          { id: '678', mode: 'dynamic' },
        ],
      },
    });
    expect(byName.get('brand-a')!.currents.tokens).toHaveLength(2);
  });

  it('of the documentation is in order', async () => {
    const page = await readFile(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1];
    const config = readConfig({
      environment: { CONFIG_FILE: 'service.yaml' },
      readFile: path => (path === 'service.yaml' ? example! : `secret of ${path}`),
    });
    expect(config.connections.map(({ name }) => name)).toEqual(['brand-a', 'brand-b']);
    expect(config.warnings).toEqual([]);
  });

  it('alone makes no connection "default" when it names others only', () => {
    const config = read(
      { CONFIG_FILE: 'c.yaml' },
      { 'c.yaml': 'connections: {brand-a: {currents_token: t, mixpanel_token: m}}' },
    );
    expect(config.connections.map(({ name }) => name)).toEqual(['brand-a']);
  });

  it.each([
    [
      'an unknown key, with the nearest known one',
      'body_limt: 5mb',
      /^body_limt is not a setting; .* Did you mean body_limit\?$/,
    ],
    [
      'a setting of the service inside a connection',
      'connections: {a: {mixpanel_token: x, port: 1}}',
      /^connections\.a\.port is a setting of the service, not of a connection/,
    ],
    [
      'a connection name that fits no address',
      'connections: {"a b": {}}',
      /^connections\.a b is not a valid name for/,
    ],
    [
      'a connection named __proto__',
      'connections: {__proto__: {}}',
      /^connections\.__proto__ is not a valid name/,
    ],
    ['a list in place of connections', 'connections: [a]', /^connections is not a map/],
    [
      'a map in place of a text',
      'mixpanel_region: {a: 1}',
      /^MIXPANEL_REGION is a list or a map; expected one of us, eu, in/,
    ],
    [
      'a secret given twice',
      'mixpanel_token_file: x',
      /^MIXPANEL_TOKEN is set twice, as mixpanel_token and as mixpanel_token_file; expected one of them/,
    ],
    ['text that is not YAML', 'a: [', /^CONFIG_FILE c\.yaml could not be read/],
    ['a secret that begins as an alias does', 'admin_token: *s3cret', /^CONFIG_FILE (?!.*s3cret)/],
    ['a secret that begins as a tag does', 'admin_token: !s3cret', /^CONFIG_FILE (?!.*s3cret)/],
    ['YAML that is no map', 'just text', /^CONFIG_FILE c\.yaml is not a map/],
    [
      'a cohort mode that does not exist',
      'connections: {a: {mixpanel_api_secret: s, braze_rest_url: "https://b.example", braze_rest_api_key: k, cohorts: [{id: 5, mode: 7}]}}',
      /^connections\.a\.cohorts \(entry 1, mode\) is "7"; expected dynamic or one-time/,
    ],
  ])('is refused for %s', (_what, text, fault) => {
    const yaml = text.includes('mixpanel_token_file') ? `mixpanel_token: y\n${text}` : text;
    const faults = faultsOf(
      {
        CURRENTS_TOKEN: 't',
        MIXPANEL_TOKEN: text.includes('_file') ? undefined : 'm',
        CONFIG_FILE: 'c.yaml',
      },
      { 'c.yaml': yaml },
    );
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });
});

describe('the refusal', () => {
  it('is one message that lists every fault, of single settings and between settings', () => {
    const { message, faults } = refusal({
      HOST: '0.0.0.0',
      PORT: '99999',
      MIXPANEL_REGION: 'usa',
      CURRENTS_EVENTS: 'users.messages.email.Sent',
      COHORTS: '5:dynamic',
      COHORT_SYNC_INTERVAL: '2',
      BODY_LIMIT: '10 parsecs',
      MIXPANEL_SERVICE_ACCOUNT: 'account',
      BRAZE_REST_URL: 'https://rest.fra-01.braze.eu/users/track',
    });
    expect(faults.map(({ setting }) => setting).sort()).toEqual([
      'BODY_LIMIT',
      'BRAZE_REST_API_KEY',
      'BRAZE_REST_URL',
      'COHORT_SYNC_INTERVAL',
      'CURRENTS_EVENTS',
      'CURRENTS_TOKEN',
      'MIXPANEL_PROJECT_ID',
      'MIXPANEL_REGION',
      'MIXPANEL_SERVICE_SECRET',
      'PORT',
    ]);
    expect(message.split('\n')).toHaveLength(11);
    expect(message).toMatch(/^Invalid configuration \(10 errors\)/);
    for (const fault of faults) expect(fault.message).toContain('expected');
  });

  it.each<[string, Environment, RegExp]>([
    [
      'no Mixpanel credentials',
      { CURRENTS_TOKEN: 't' },
      /^MIXPANEL_TOKEN is not set, and neither is any other Mixpanel credential/,
    ],
    ['nothing at all', {}, /^MIXPANEL_TOKEN is not set, and neither is any other setting/],
    [
      'a service account without project id',
      { CURRENTS_TOKEN: 't', MIXPANEL_SERVICE_ACCOUNT: 'a', MIXPANEL_SERVICE_SECRET: 's' },
      /^MIXPANEL_PROJECT_ID is not set/,
    ],
    [
      'a misspelt event, with what is near',
      { ...withToken, CURRENTS_EVENTS: 'Emial Send' },
      /^CURRENTS_EVENTS names "Emial Send".*Did you mean Email Send/,
    ],
    [
      'no token on an address that others reach',
      { MIXPANEL_TOKEN: 'm', HOST: '0.0.0.0' },
      /^CURRENTS_TOKEN is not set, and HOST is 0\.0\.0\.0/,
    ],
    [
      'a simulated clock beside the real Mixpanel',
      { ...withToken, CLOCK_URL: 'http://127.0.0.1:4020', MIXPANEL_API_URL: 'http://127.0.0.1:4020' },
      /^CLOCK_URL is set, but MIXPANEL_QUERY_URL is https:\/\/mixpanel\.com/,
    ],
    [
      'secrets sent to a vendor in clear text',
      { ...withToken, MIXPANEL_API_URL: 'http://api.mixpanel.com' },
      /^MIXPANEL_API_URL is http:\/\/api\.mixpanel\.com, which sends secrets in clear text/,
    ],
    [
      'cohorts without a key for Braze',
      {
        ...withToken,
        MIXPANEL_API_SECRET: 's',
        COHORTS: '5',
        BRAZE_REST_URL: 'https://rest.iad-01.braze.com',
        BRAZE_DATA_IMPORT_KEY: 'k',
      },
      /^BRAZE_REST_API_KEY is not set, but COHORTS is/,
    ],
    [
      'the same cohort twice',
      {
        ...withToken,
        MIXPANEL_API_SECRET: 's',
        COHORTS: '5,5:one-time',
        BRAZE_REST_URL: 'https://rest.iad-01.braze.com',
        BRAZE_REST_API_KEY: 'k',
      },
      /^COHORTS names the cohort 5 twice/,
    ],
    [
      'half of the webhook credentials',
      { ...withToken, MIXPANEL_WEBHOOK_USERNAME: 'u' },
      /^MIXPANEL_WEBHOOK_PASSWORD is not set, but MIXPANEL_WEBHOOK_USERNAME is/,
    ],
    [
      'a secret file that is not there',
      { CURRENTS_TOKEN: 't', MIXPANEL_TOKEN_FILE: '/nowhere' },
      /^MIXPANEL_TOKEN_FILE names a file that could not be read/,
    ],
    [
      'a PostgreSQL without a database',
      { ...withToken, STORAGE_URL: 'postgres://u:secret-password@db' },
      /^STORAGE_URL cannot be used: expected postgres:.*it names no database/,
    ],
  ])('names %s', (_what, environment, fault) => {
    expect(faultsOf(environment)).toEqual([expect.stringMatching(fault)]);
  });

  it('never repeats a secret, or an address that may hold one', () => {
    const { message } = refusal({
      CURRENTS_TOKEN: 'very-secret-1',
      MIXPANEL_SERVICE_SECRET: 'very-secret-2',
      BRAZE_REST_URL: 'https://user:very-secret-3@rest.example',
      STORAGE_URL: 'postgres://user:very-secret-4@db/x',
      CLOCK_URL: 'http://very-secret-5@clock/x',
      PORT: 'x',
    });
    expect(message).not.toContain('very-secret');
  });
});

describe('secrets', () => {
  const config = read({ ...withToken, ADMIN_TOKEN: 'admin-token', BRAZE_REST_API_KEY: 'rest-key' });

  it.each([
    ['printed', JSON.stringify(printable(config))],
    ['serialised', JSON.stringify(config)],
    ['inspected', inspect(config, { depth: 20, showHidden: true })],
    [
      'joined into a text',
      config.connections.map(each => `${each.currents.tokens} ${each.braze.restApiKey}`).join(),
    ],
  ])('do not show when the configuration is %s', (_how, text) => {
    for (const secret of ['currents-token', 'project-token', 'admin-token', 'rest-key']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('help for a mistake', () => {
  it('names both spellings of a secret that is given twice', () => {
    expect(faultsOf({ ...withToken, MIXPANEL_TOKEN_FILE: '/run/secrets/token' })).toEqual([
      'MIXPANEL_TOKEN is set twice, as MIXPANEL_TOKEN and as MIXPANEL_TOKEN_FILE; expected one of them.',
    ]);
  });

  it('blames an unreadable file alone, not what may stand in it', () => {
    expect(faultsOf({ CONFIG_FILE: '/missing.yaml' })).toEqual([
      expect.stringMatching(/^CONFIG_FILE \/missing.yaml could not be read/),
    ]);
    expect(faultsOf({ CONFIG_FILE: '/missing.yaml', HOST: '0.0.0.0', PORT: 'x', COHORTS: 'y' })).toEqual([
      expect.stringMatching(/^CONFIG_FILE/),
      expect.stringMatching(/^PORT is "x"/),
      expect.stringMatching(/^COHORTS \(entry 1, id\) is "y"/),
    ]);
  });

  it('checks event names also with an unknown catalogue version', () => {
    expect(faultsOf({ ...withToken, CURRENTS_GENERATION: '2022', CURRENTS_EVENTS: 'Email Sned' })).toEqual([
      expect.stringMatching(/^CURRENTS_GENERATION is "2022"/),
      expect.stringMatching(/^CURRENTS_EVENTS names "Email Sned".*Did you mean Email Send/),
    ]);
  });

  it('gives an example that somebody may want', () => {
    expect(faultsOf({ ...withToken, DELIVERY_TIMEOUT: '30', COHORT_SYNC_INTERVAL: '2' })).toEqual([
      expect.stringMatching(/for example 30s\.$/),
      expect.stringMatching(/for example 2h\.$/),
    ]);
  });

  it('warns of a variable that is nearly one of ours, and of no other', () => {
    const { warnings } = read({
      ...withToken,
      MIXPANEL_TOKN: 'x',
      COHORTS_SYNC_INTERVAL: '2h',
      BRAZE_SOMETHING_ELSE_ALTOGETHER: 'x',
      PRT: '1',
    });
    expect(warnings).toEqual([
      'MIXPANEL_TOKN is not a setting and has no effect. Did you mean MIXPANEL_TOKEN?',
      expect.stringMatching(/^COHORTS_SYNC_INTERVAL is .* Did you mean COHORT_SYNC_INTERVAL/),
    ]);
  });

  it('shows the misspelt variable beside the fault that it causes', () => {
    const { message, faults } = refusal({ CURRENTS_TOKEN: 't', MIXPANEL_TOKN: 'hidden-value' });
    expect(faults).toHaveLength(1);
    expect(message).toMatch(/MIXPANEL_TOKEN is not set.*MIXPANEL_TOKN is not a setting/s);
    expect(message).not.toContain('hidden-value');
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
    expect(read({ ...withToken, ...environment }).connections[0]!.mixpanel).toMatchObject({ exportUrl });
  });
});

describe('access and privacy', () => {
  it('takes several tokens of each role, and a token for one role alone', () => {
    const { access } = read({ ...withToken, ADMIN_TOKEN: 'a, b', VIEWER_TOKEN: 'v' });
    expect([access.operators.length, access.viewers.length]).toEqual([2, 1]);
    expect(faultsOf({ ...withToken, ADMIN_TOKEN: 'a, same', VIEWER_TOKEN: 'v, same' })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN has a token in common with VIEWER_TOKEN/),
    ]);
    expect(faultsOf({ ...withToken, ADMIN_TOKEN: withToken.CURRENTS_TOKEN })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN has a token in common with CURRENTS_TOKEN/),
    ]);
  });

  it('keeps what is for ever for ever, and nothing of what was delivered', () => {
    expect(read(withToken).retention).toMatchObject({ deliveredMs: 0, deadLettersMs: undefined });
    const kept = { DELIVERED_RETENTION: '24h', DEAD_LETTER_RETENTION: '30d', AUDIT_RETENTION: 'forever' };
    expect(read({ ...withToken, ...kept }).retention).toMatchObject({
      ...{ deliveredMs: 86_400_000, deadLettersMs: 30 * 86_400_000, auditMs: undefined },
    });
    expect(faultsOf({ ...withToken, DEAD_LETTER_RETENTION: '30' })).toEqual([
      'DEAD_LETTER_RETENTION is "30"; expected a duration from 1h to 3650d with its unit, for example 30d, or forever.',
    ]);
  });

  it('refuses to redact what an event cannot be delivered without', () => {
    expect(
      read({ ...withToken, CURRENTS_REDACT: 'properties.ip, user.*.x' }).connections[0]!.currents.redact,
    ).toEqual(['properties.ip', 'user.*.x']);
    expect(faultsOf({ ...withToken, CURRENTS_REDACT: 'properties.ip, user.*, time' })).toEqual([
      expect.stringMatching(/^CURRENTS_REDACT names "user\.\*", which removes user\.external_user_id/),
      expect.stringMatching(/^CURRENTS_REDACT names "time"/),
    ]);
  });
});

describe('a short token', () => {
  const secrets = {
    ADMIN_TOKEN: 'short',
    VIEWER_TOKEN: 'v'.repeat(16),
    CURRENTS_TOKEN: `${'c'.repeat(16)},new`,
  };
  const warned = (environment: Record<string, string>) =>
    read({ MIXPANEL_TOKEN: 'p', ...secrets, ...environment }).warnings.map(each => each.split(' ')[0]);

  it('brings a warning, without the token, where others reach the service', () => {
    const environment = {
      ...{ HOST: '0.0.0.0', MIXPANEL_WEBHOOK_USERNAME: 'u', MIXPANEL_WEBHOOK_PASSWORD: 'hunter2' },
    };
    expect(warned(environment)).toEqual(['ADMIN_TOKEN', 'CURRENTS_TOKEN', 'MIXPANEL_WEBHOOK_PASSWORD']);
    expect(read({ MIXPANEL_TOKEN: 'p', ...secrets, ...environment }).warnings.join()).not.toMatch(
      /hunter2|short,/,
    );
  });

  it('brings none on this machine', () => {
    expect(warned({ HOST: '127.0.0.1' })).toEqual([]);
  });
});
