import { join } from 'node:path';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { expect, it } from 'vitest';
import { fileOf } from './contract.ts';
import { mappingContract, sentByBraze } from './mapping/cases.ts';
import { type Verification, verifyContract } from './verify-contract.ts';
import { temporaryFolder, writeContract } from './write-contract.ts';

/** Verifies one case of the mapping, with a provider that returns exactly the expected message. */
async function verifyOne(states: Verification['states']): Promise<void> {
  await using folder = await temporaryFolder();
  const whole = mappingContract(catalogue2022_06);
  const [first] = whole.cases;
  const contract = { ...whole, cases: first ? [first] : [] };
  await writeContract(contract, folder.path);
  const file = join(folder.path, fileOf(contract));
  await verifyContract({ file, states, provider: { produce: () => first?.content } });
}

it('a provider is verified in the states of the contract', async () => {
  await expect(verifyOne({ [sentByBraze]: async () => undefined })).resolves.toBeUndefined();
});

it('an unknown state fails the verification, although Pact itself would continue without it', async () => {
  await expect(verifyOne({})).rejects.toThrow(`There is no handler for the state "${sentByBraze}".`);
});

it('a state that fails to be set up fails the verification, even if the answer is right', async () => {
  const fails = async () => {
    throw new Error('no connection');
  };
  await expect(verifyOne({ [sentByBraze]: fails })).rejects.toThrow(
    `"${sentByBraze}" could not be set up: Error: no connection`,
  );
});
