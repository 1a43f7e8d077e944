import { describe, expect, it } from 'vitest';
import { ConfigRefused } from './config-refused.ts';
import { readConfig } from './read-config.ts';

const connection = {
  currents_token: 'currents-token',
  mixpanel_service_account: 'account',
  mixpanel_service_secret: 'service-secret',
  mixpanel_project_id: '1',
  braze_rest_url: 'https://rest.fra-01.braze.eu',
  braze_rest_api_key: 'rest-key',
};

function read(settings: object) {
  const yaml = JSON.stringify({ ...connection, ...settings });
  return readConfig({ environment: { CONFIG_FILE: 'c.yaml' }, readFile: () => yaml }).connections[0]!.cohorts;
}

function faultsOf(settings: object): string[] {
  try {
    read(settings);
  } catch (error) {
    if (error instanceof ConfigRefused)
      return error.faults.map(({ setting, message }) => `${setting} ${message}`);
    throw error;
  }
  return [];
}

describe('the settings of cohorts', () => {
  it('name source, sink and interval of each cohort where they differ from the rest', () => {
    const cohorts = [
      { id: 12345, source: 'webhook', sink: 'track', interval: '30m' },
      { id: 678, mode: 'one-time' },
    ];
    expect(read({ cohorts }).entries).toEqual([
      { id: '12345', mode: 'dynamic', source: 'webhook', sink: 'track', interval: 1_800_000 },
      { id: '678', mode: 'one-time' },
    ]);
  });

  it('are two hours, a week, the default matching and 60 queries by default', () => {
    expect(read({})).toEqual({
      entries: [],
      syncIntervalMs: 7_200_000,
      resendIntervalMs: 604_800_000,
      safetyStop: { over: 1_000 },
      match: { by: 'default' },
      queriesPerHour: 60,
      pushedAtMost: 100,
      segments: {},
    });
  });

  it.each([
    [{ cohort_match: 'distinct_id' }, { by: 'distinct_id' }],
    [{ cohort_match: 'crm_id' }, { by: 'property', property: 'crm_id' }],
    [
      { cohort_match: 'crm_id', cohort_match_as: 'alias:crm' },
      { by: 'property', property: 'crm_id', as: { kind: 'alias', label: 'crm' } },
    ],
  ])('match by %j', (settings, match) => {
    expect(read(settings).match).toEqual(match);
  });

  it.each<[object | string]>([['12345:buyers-1, 678:other'], [{ '12345': 'buyers-1', '678': 'other' }]])(
    'name the segments of cohorts: %j',
    written => {
      expect(read({ cohort_segments: written }).segments).toEqual({ '12345': 'buyers-1', '678': 'other' });
    },
  );

  it.each<[object, RegExp]>([
    [{ cohort_segments: '12345' }, /^COHORT_SEGMENTS \(entry 1\) is not a cohort with its segment; expected/],
    [{ cohort_segments: 'x:buyers' }, /^COHORT_SEGMENTS .*"x"; expected <cohort id>:<segment id>/],
    [{ cohort_segments: '1:a b' }, /^COHORT_SEGMENTS .*"a b"; expected <cohort id>:<segment id>/],
    [{ cohort_segments: '1:a,1:b' }, /names the cohort 1 twice; expected each cohort once/],
    [{ cohort_segments: 7 }, /is not a cohort with its segment; expected/],
    [
      { cohort_match: 'phone', cohort_match_as: 'device_id' },
      /^COHORT_MATCH_AS is device_id, which \/users\/track does not support/,
    ],
    [{ cohort_match_as: 'device_id' }, /^COHORT_MATCH names no property/],
    [{ cohort_match: 'x', cohort_match_as: 'alias:' }, /^COHORT_MATCH_AS is "alias:"; expected external_id/],
    [{ cohorts: [{ id: 1, sink: 'partner' }] }, /^BRAZE_PARTNER_API_KEY or BRAZE_DATA_IMPORT_KEY is not set/],
    [{ cohorts: [{ id: 1, source: 'telex' }] }, /expected query or webhook/],
    [
      { cohorts: [{ id: 1, colour: 'blue' }] },
      /has colour; expected only id, mode, source, sink and interval/,
    ],
  ])('%j are refused with a sentence', (settings, sentence) => {
    expect(faultsOf(settings)).toContainEqual(expect.stringMatching(sentence));
  });

  it('need no credentials of the query API where every cohort is pushed', () => {
    const token = {
      mixpanel_service_account: '',
      mixpanel_service_secret: '',
      mixpanel_project_id: '',
      mixpanel_token: 't',
    };
    expect(faultsOf({ ...token, cohorts: [{ id: 1, source: 'webhook' }] })).toEqual([]);
    expect(faultsOf({ ...token, cohorts: [{ id: 1 }] })).toHaveLength(1);
  });
});
