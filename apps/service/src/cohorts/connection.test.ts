import { expect, it } from 'vitest';
import { Secret } from '../secrets/secret.ts';
import { neededAndSet } from './connection.ts';

const none = {
  restUrl: undefined,
  restApiKey: undefined,
  dataImportKey: undefined,
  partnerApiKey: undefined,
};
const partner = 'The sink partner needs BRAZE_REST_URL, BRAZE_DATA_IMPORT_KEY, BRAZE_PARTNER_API_KEY.';
const track = 'The sink track needs BRAZE_REST_URL, BRAZE_REST_API_KEY.';

it('a refused sync names what its sink needs and which settings there are, without their values', () => {
  const rest = { ...none, restUrl: 'https://rest.example.com', restApiKey: new Secret('a-fake-key') };
  expect(neededAndSet('partner', rest)).toBe(`${partner} Set are: BRAZE_REST_URL, BRAZE_REST_API_KEY.`);
  expect(neededAndSet('track', none)).toBe(`${track} None of them is set.`);
  expect(neededAndSet(undefined, none)).toBe(`${partner} ${track} None of them is set.`);
});
