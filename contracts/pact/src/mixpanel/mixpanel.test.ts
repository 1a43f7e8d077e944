import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { changedCase } from '../testing/changed-case.ts';
import { verifyContract } from '../verify-contract.ts';
import { temporaryFolder } from '../write-contract.ts';
import { mixpanelContract } from './cases.ts';
import { mixpanelStates } from './states.ts';

const file = fileOf(mixpanelContract);
let mixpanel: RunningMockMixpanel;

beforeAll(async () => {
  mixpanel = await startMockMixpanel();
});
afterAll(() => mixpanel[Symbol.asyncDispose]());

const verify = (path: string) =>
  verifyContract({ file: path, provider: { url: mixpanel.url }, states: mixpanelStates(mixpanel.url) });

it('mock-mixpanel keeps its contract with the service', () => verify(committed(file)));

it.each([
  ['another event than the rejected one', 'an import with one event', ['"index":1', '"index":0'], /index/],
  ['another page than the requested one', 'a query for the last page', ['page=1', 'page=0'], /page/],
] as const)('the verification fails for an answer with %s', async (_, description, change, difference) => {
  await using folder = await temporaryFolder();
  await expect(verify(await changedCase(folder.path, file, description, change))).rejects.toThrow(difference);
});
