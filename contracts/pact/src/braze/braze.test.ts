import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { changedCase } from '../testing/changed-case.ts';
import { verifyContract } from '../verify-contract.ts';
import { temporaryFolder } from '../write-contract.ts';
import { brazeContract } from './cases.ts';
import { brazeStates } from './states.ts';

const file = fileOf(brazeContract);
let braze: RunningMockBraze;

beforeAll(async () => {
  braze = await startMockBraze();
});
afterAll(() => braze[Symbol.asyncDispose]());

const verify = (path: string) =>
  verifyContract({ file: path, provider: { url: braze.url }, states: brazeStates(braze.url) });

it('mock-braze keeps its contract with the service', () => verify(committed(file)));

it.each([
  ['other words', 'an import rejected with 423', ['{"message":"Resource locked"}', '{"message":"Locked"}']],
  ['another object refused', 'attributes of which one is rejected', ['"index":1', '"index":0']],
] as const)('the verification fails for an answer with %s', async (_, description, change) => {
  await using folder = await temporaryFolder();
  await expect(verify(await changedCase(folder.path, file, description, change))).rejects.toThrow(
    /message|index/,
  );
});
