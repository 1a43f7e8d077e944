import { describe, expect, it } from 'vitest';
import { type Environment, faultsOf, refusal, warningsOf, withToken } from '../testing/read-settings.ts';
import { hostFault } from './host-fault.ts';
import { readConfig } from './read-config.ts';

describe('an invalid configuration', () => {
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
      'a time zone that is none',
      { ...withToken, MIXPANEL_PROJECT_TIMEZONE: 'Berlin' },
      /^MIXPANEL_PROJECT_TIMEZONE is "Berlin"; expected the name of a time zone, for example Europe\/Berlin\.$/,
    ],
    [
      'a day that does not exist',
      { ...withToken, MIXPANEL_CREDENTIALS_EXPIRE: '2027-02-30' },
      /^MIXPANEL_CREDENTIALS_EXPIRE is "2027-02-30"; expected a day, for example 2027-01-31\.$/,
    ],
    [
      'an offset as time zone',
      { ...withToken, MIXPANEL_PROJECT_TIMEZONE: '+02:00' },
      /^MIXPANEL_PROJECT_TIMEZONE is "\+02:00"; expected the name of a time zone/,
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
      /^MIXPANEL_TOKEN_FILE names \/nowhere, a file that could not be read/,
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

describe('the message for an invalid setting', () => {
  it('names both spellings of a secret that is given twice', () => {
    expect(faultsOf({ ...withToken, MIXPANEL_TOKEN_FILE: '/run/secrets/token' })).toEqual([
      'MIXPANEL_TOKEN is set twice, as MIXPANEL_TOKEN and as MIXPANEL_TOKEN_FILE; expected one of them.',
    ]);
  });

  it('reports an unreadable file alone, not settings that it may contain', () => {
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

  it.each([
    [
      'MIXPANEL_API_URL',
      'https://api.eu.mixpanel.com',
      'https://api-eu.mixpanel.com with MIXPANEL_REGION=eu,',
    ],
    ['MIXPANEL_QUERY_URL', 'https://www.mixpanel.com', 'https://mixpanel.com'],
    ['MIXPANEL_EXPORT_URL', 'https://data.in.mixpanel.com', 'https://data-in.mixpanel.com'],
    ['BRAZE_REST_URL', 'https://dashboard-01.braze.com', 'https://rest.iad-01.braze.com'],
    ['BRAZE_REST_URL', 'https://sdk.iad-01.braze.com', 'https://rest.iad-01.braze.com'],
    ['BRAZE_REST_URL', 'https://dashboard.braze.com', 'the REST endpoint of your instance'],
  ])('names the host that is meant: %s=%s', (setting, url, meant) => {
    const faults = faultsOf({ ...withToken, [setting]: url });
    expect(faults).toEqual([expect.stringContaining(`${setting} is ${url}`)]);
    expect(faults[0]).toContain(`expected ${meant}`);
  });

  it.each<[string, Environment, string[]]>([
    [
      'two hosts',
      { MIXPANEL_API_URL: 'https://api-eu.mixpanel.com', MIXPANEL_QUERY_URL: 'https://mixpanel.com' },
      ['MIXPANEL_API_URL'],
    ],
    [
      'three hosts',
      {
        MIXPANEL_REGION: 'eu',
        MIXPANEL_API_URL: 'https://api-eu.mixpanel.com',
        MIXPANEL_QUERY_URL: 'https://mixpanel.com',
        MIXPANEL_EXPORT_URL: 'https://in.mixpanel.com',
      },
      ['MIXPANEL_QUERY_URL', 'MIXPANEL_EXPORT_URL'],
    ],
    ['a host and the region', { MIXPANEL_API_URL: 'https://api-eu.mixpanel.com' }, ['MIXPANEL_API_URL']],
  ])('refuses %s of different regions of Mixpanel', (_what, environment, settings) => {
    expect(faultsOf({ ...withToken, ...environment })).toEqual(
      settings.map(setting =>
        expect.stringMatching(
          `^${setting} is ${environment[setting]}, a host of the region .*MIXPANEL_REGION is .* expected one region`,
        ),
      ),
    );
  });

  it('refuses hosts of another region in a connection of a file', () => {
    const file =
      'connections:\n  shop:\n    mixpanel_token: m\n    currents_token: t\n    mixpanel_query_url: https://eu.mixpanel.com\n';
    expect(faultsOf({ CONFIG_FILE: '/c.yaml' }, { '/c.yaml': file })).toEqual([
      expect.stringMatching(
        /^connections\.shop\.mixpanel_query_url is .* region eu, but MIXPANEL_REGION is us/,
      ),
    ]);
  });

  it('only warns where all hosts are of one other region, since none is left to MIXPANEL_REGION', () => {
    const eu = {
      MIXPANEL_API_URL: 'https://api-eu.mixpanel.com',
      MIXPANEL_QUERY_URL: 'https://eu.mixpanel.com',
    };
    for (const exportUrl of [{}, { MIXPANEL_EXPORT_URL: 'https://data-eu.mixpanel.com' }])
      expect(warningsOf({ ...withToken, ...eu, ...exportUrl })).toContainEqual(
        'MIXPANEL_REGION is us, but all hosts of Mixpanel are of the region eu. Set MIXPANEL_REGION=eu.',
      );
    expect(warningsOf({ ...withToken, ...eu, MIXPANEL_REGION: 'eu' }).join(' ')).not.toMatch(
      /MIXPANEL_REGION/,
    );
  });

  it('does not compare hosts with a region that is none', () => {
    const eu = { MIXPANEL_REGION: 'europe', MIXPANEL_QUERY_URL: 'https://eu.mixpanel.com' };
    expect(faultsOf({ ...withToken, ...eu })).toEqual([
      expect.stringMatching(/^MIXPANEL_REGION is "europe"/),
    ]);
  });

  it('accepts proxies, simulators and every documented host', () => {
    for (const url of ['http://localhost:4020', 'http://127.0.0.1:1', 'https://mixpanel.proxy.example'])
      expect(
        warningsOf({
          ...withToken,
          MIXPANEL_API_URL: url,
          MIXPANEL_QUERY_URL: url,
          BRAZE_REST_URL: url,
          BRAZE_REST_API_KEY: 'k',
        }),
      ).toEqual([]);
    for (const MIXPANEL_REGION of ['us', 'eu', 'in'])
      expect(warningsOf({ ...withToken, MIXPANEL_REGION })).toEqual([]);
  });

  it('refuses the host of another API of Mixpanel, and names that of the region', () => {
    const wrong = { ...withToken, MIXPANEL_API_URL: 'https://mixpanel.com' };
    for (const [MIXPANEL_REGION, host] of [
      ['us', 'api'],
      ['eu', 'api-eu'],
    ])
      expect(faultsOf({ ...wrong, MIXPANEL_REGION })).toEqual([
        `MIXPANEL_API_URL is https://mixpanel.com, the host of another API of Mixpanel; expected https://${host}.mixpanel.com, or the address of a proxy.`,
      ]);
  });

  it.each<[Environment, RegExp]>([
    [
      { BRAZE_REST_URL: 'http://localhost:1' },
      /^BRAZE_REST_API_KEY is not set, but BRAZE_REST_URL is: no cohort/,
    ],
    [{ BRAZE_REST_API_KEY: 'k' }, /^BRAZE_REST_URL is not set, but BRAZE_REST_API_KEY is: no cohort/],
    [
      { MIXPANEL_WEBHOOK_USERNAME: 'u', MIXPANEL_WEBHOOK_PASSWORD: 'p' },
      /^BRAZE_REST_URL is not set, but MIXPANEL_WEBHOOK_USERNAME is/,
    ],
    [
      { BRAZE_REST_URL: 'http://localhost:1', BRAZE_REST_API_KEY: 'k', BRAZE_DATA_IMPORT_KEY: 'k' },
      /^BRAZE_PARTNER_API_KEY is not set, but BRAZE_DATA_IMPORT_KEY is: the partner import is not used/,
    ],
    [
      { COHORT_SEGMENTS: '12345:buyers' },
      /^BRAZE_ANALYTICS_KEY is not set, but COHORT_SEGMENTS is: no sizes of segments are read/,
    ],
  ])('warns of half a pair of settings: %o', (environment, warning) => {
    expect(warningsOf({ ...withToken, ...environment })).toEqual([expect.stringMatching(warning)]);
  });

  it('gives an example with a likely value', () => {
    expect(faultsOf({ ...withToken, DELIVERY_TIMEOUT: '30', COHORT_SYNC_INTERVAL: '2' })).toEqual([
      expect.stringMatching(/for example 30s\.$/),
      expect.stringMatching(/for example 2h\.$/),
    ]);
  });

  it('warns of a variable that is nearly one of ours, and of no other', () => {
    const warnings = warningsOf({
      ...withToken,
      MIXPANEL_TOKN: 'x',
      COHORTS_SYNC_INTERVAL: '2h',
      BRAZE_SOMETHING_ELSE_ALTOGETHER: 'x',
      PRT: '1',
      CURRENT_TOKEN: 'x',
    });
    expect(warnings).toEqual([
      'MIXPANEL_TOKN is not a setting and has no effect. Did you mean MIXPANEL_TOKEN?',
      expect.stringMatching(/^COHORTS_SYNC_INTERVAL is .* Did you mean COHORT_SYNC_INTERVAL/),
      'CURRENT_TOKEN is not a setting and has no effect. Did you mean CURRENTS_TOKEN?',
    ]);
  });

  it('shows the misspelt variable beside the fault that it causes', () => {
    const { message, faults } = refusal({ CURRENTS_TOKEN: 't', MIXPANEL_TOKN: 'hidden-value' });
    expect(faults).toHaveLength(1);
    expect(message).toMatch(/MIXPANEL_TOKEN is not set.*MIXPANEL_TOKN is not a setting/s);
    expect(message).not.toContain('hidden-value');
  });

  it('warns of an address for traces that is none', () => {
    const warningsWith = (environment: Environment) => warningsOf({ ...withToken, ...environment });
    expect(warningsWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'nope' })).toEqual([
      expect.stringMatching(
        /^OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address, so no traces are sent/,
      ),
    ]);
    for (const OTEL_EXPORTER_OTLP_ENDPOINT of ['', 'http://127.0.0.1:4318'])
      expect(warningsWith({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual([]);
    expect(
      warningsWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }),
    ).toEqual([]);
  });
});

describe('a fault', () => {
  it('of a secret file adds no fault of the settings that go with the secret', () => {
    expect(faultsOf({ CURRENTS_TOKEN: 't', MIXPANEL_SERVICE_SECRET_FILE: '/nowhere' })).toEqual([
      expect.stringMatching(/^MIXPANEL_SERVICE_SECRET_FILE names/),
    ]);
    const files = { ADMIN_TOKEN_FILE: '/a', CURRENTS_TOKEN_FILE: '/b', STORAGE_URL_FILE: '/c' };
    expect(faultsOf({ MIXPANEL_TOKEN: 'm', ...files })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN_FILE/),
      expect.stringMatching(/^CURRENTS_TOKEN_FILE/),
      expect.stringMatching(/^STORAGE_URL_FILE/),
    ]);
  });

  it('of an entry of COHORTS adds no fault of the settings that cohorts need', () => {
    expect(faultsOf({ ...withToken, COHORTS: '5:sometimes' })).toEqual([
      expect.stringMatching(/^COHORTS \(entry 1, mode\) is "sometimes"/),
    ]);
    expect(faultsOf({ ...withToken, COHORTS: '5' })).toHaveLength(3);
  });

  it('of HOST is one sentence, and no further fault follows', async () => {
    const unknown = async () => {
      throw new Error('ENOTFOUND');
    };
    const fault = await hostFault('nope', unknown as never);
    expect(fault).toEqual({
      setting: 'HOST',
      message: expect.stringMatching(/^is "nope", which is neither/),
    });
    expect(await hostFault('10.0.0.9', unknown as never)).toBeUndefined();
    const read = () =>
      readConfig({ environment: { MIXPANEL_TOKEN: 'm', HOST: 'nope' } }, { known: [fault!] });
    expect(read).toThrow(
      /^Invalid configuration \(1 error\)\. The service did not start:\n {2}- HOST is "nope".*$/,
    );
  });
});
