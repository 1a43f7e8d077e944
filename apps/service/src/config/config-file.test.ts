import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { faultsOf, readSettings } from '../testing/read-settings.ts';
import { readConfig } from './read-config.ts';

describe('a configuration file', () => {
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
    const config = readSettings(
      { CONFIG_FILE: 'service.yaml', MIXPANEL_TOKEN: 'from-the-environment' },
      contents,
    );
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

  it('of the documentation is valid', async () => {
    const page = await readFile(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1];
    const config = readConfig({
      environment: { CONFIG_FILE: 'service.yaml' },
      readFile: path => (path === 'service.yaml' ? example! : `secret-of-${path}`),
    });
    expect(config.connections.map(({ name }) => name)).toEqual(['brand-a', 'brand-b']);
    expect(config.warnings).toEqual([]);
  });

  it('alone makes no connection "default" when it names others only', () => {
    const config = readSettings(
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
    [
      'an unclosed bracket',
      'a: [',
      /could not be read: the indentation is wrong or a bracket is not closed at line 1, column 5; expected/,
    ],
    [
      'an indentation by tabs',
      'a:\n\tb: 1',
      /a line begins with a tab at line 2, column \d+; expected spaces\.$/,
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

  it('that is a folder or does not exist is refused in a sentence', async () => {
    for (const [path, why] of [
      [import.meta.dirname, 'it is a folder, not a file (EISDIR)'],
      ['/nowhere/c.yaml', 'it does not exist (ENOENT)'],
    ] as const)
      expect(() => readConfig({ environment: { CONFIG_FILE: path } })).toThrow(
        `CONFIG_FILE ${path} could not be read: ${why}; expected a YAML file.`,
      );
  });
});
