import { describe, expect, it } from 'vitest';
import { faultsOf } from '../testing/read-settings.ts';
import { readConfig } from './read-config.ts';

const id = '55b4fb2b-e8de-466c-930f-8b36640b9b5e';
const other = '1297297a-43a7-4cac-82b0-635d2bd88aac';
const account = {
  ...{ CURRENTS_TOKEN: 'test-currents-token', MIXPANEL_PROJECT_ID: '12345' },
  ...{ MIXPANEL_SERVICE_ACCOUNT: 'account', MIXPANEL_SERVICE_SECRET: 'a-service-secret' },
};
const braze = { BRAZE_REST_URL: 'https://rest.fra-01.braze.eu', BRAZE_ANALYTICS_KEY: 'an-analytics-key' };
const tablesOf = (settings: Record<string, string>) =>
  readConfig({ environment: { ...account, ...braze, ...settings } }).connections[0]?.lookupTables;

describe('the settings of lookup tables', () => {
  it('have no table by default, and any of the four, with an ID in any case', () => {
    const none = { campaigns: undefined, canvases: undefined };
    const rest = { messageVariations: undefined, canvasSteps: undefined, intervalMs: 3_600_000 };
    expect(tablesOf({})).toEqual({ ...none, ...rest });
    expect(tablesOf({ LOOKUP_TABLE_CANVASES: id.toUpperCase(), LOOKUP_TABLE_INTERVAL: '2h' })).toEqual({
      ...none,
      ...rest,
      canvases: id,
      intervalMs: 7_200_000,
    });
  });

  it.each([
    [
      'a name',
      { LOOKUP_TABLE_CAMPAIGNS: 'Campaigns' },
      /^LOOKUP_TABLE_CAMPAIGNS is "Campaigns"; expected the ID of a lookup table, for example/,
    ],
    [
      'an interval below an hour',
      { LOOKUP_TABLE_INTERVAL: '30m' },
      /^LOOKUP_TABLE_INTERVAL is "30m"; expected a duration from 1h to 30d/,
    ],
    [
      'one table for two purposes',
      { LOOKUP_TABLE_CAMPAIGNS: id, LOOKUP_TABLE_CANVASES: id },
      /^LOOKUP_TABLE_CANVASES is the ID of LOOKUP_TABLE_CAMPAIGNS too, so each would replace the other's rows; expected a table of its own\.$/,
    ],
  ])('are refused with %s', (_, settings, fault) => {
    expect(faultsOf({ ...account, ...braze, ...settings })).toEqual([expect.stringMatching(fault)]);
  });

  it('are refused without what they need', () => {
    const faults = faultsOf({
      ...{ CURRENTS_TOKEN: 'test-currents-token', MIXPANEL_TOKEN: 'a-project-token' },
      LOOKUP_TABLE_CAMPAIGNS: id,
    });
    expect(faults).toEqual([
      expect.stringMatching(/^MIXPANEL_SERVICE_ACCOUNT is not set, but LOOKUP_TABLE_CAMPAIGNS is/),
      expect.stringMatching(/^BRAZE_REST_URL is not set, but LOOKUP_TABLE_CAMPAIGNS is/),
      expect.stringMatching(/^BRAZE_ANALYTICS_KEY is not set, but LOOKUP_TABLE_CAMPAIGNS is/),
    ]);
  });

  it('are refused where two connections have one table', () => {
    const connection = (table: string) => ({
      ...{ currents_token: 'test-currents-token', mixpanel_service_account: 'a' },
      ...{
        mixpanel_service_secret: 'a-service-secret',
        mixpanel_project_id: '1',
        lookup_table_canvases: table,
      },
      ...{ braze_rest_url: braze.BRAZE_REST_URL, braze_analytics_key: 'an-analytics-key' },
    });
    const faults = (eu: string) =>
      faultsOf(
        { CONFIG_FILE: 'c.yaml' },
        { 'c.yaml': JSON.stringify({ connections: { us: connection(id), eu: connection(eu) }, port: 'x' }) },
      );
    const port = expect.stringMatching(/^PORT/);
    expect(faults(other)).toEqual([port]);
    expect(faults(id)).toEqual([
      port,
      "connections.eu.lookup_table_canvases is the ID of connections.us.lookup_table_canvases too, so each would replace the other's rows; expected a table of its own.",
    ]);
  });
});
