import { catalogueVersions, customHttpEntries } from '@braze-mixpanel/core/currents';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { changedCase } from '../testing/changed-case.ts';
import { verifyContract } from '../verify-contract.ts';
import { temporaryFolder } from '../write-contract.ts';
import { bodyLimit, currentsContract } from './cases.ts';

interface Status {
  connections: { default: { imported: number; deadLettered: Record<string, number> } };
}

describe.each([...catalogueVersions.values()])('catalogue $id', catalogueVersion => {
  const file = fileOf(currentsContract(catalogueVersion));
  let stack: Awaited<ReturnType<typeof startStack>>;

  beforeAll(async () => {
    const environment = { BODY_LIMIT: `${bodyLimit}b`, CURRENTS_GENERATION: catalogueVersion.id };
    stack = await startStack({ environment });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const verify = (path: string) =>
    verifyContract({
      file: path,
      provider: { url: stack.service },
      states: {
        'the receiver knows the token': async () => undefined,
        'the receiver takes bodies up to a size': async () => undefined,
      },
    });

  it('the service keeps its contract with Braze Currents, and imports every good event', async () => {
    await verify(committed(file));

    const ofTypes = customHttpEntries(catalogueVersion).filter(({ noMixpanelEvent }) => !noMixpanelEvent);
    const ofBatches = 3 + 2;
    const { deadLettered } = await until(
      'every good event to be imported',
      async () => (await call<Status>('GET', `${stack.service}/status`)).connections.default,
      ({ imported }) => imported === ofTypes.length + ofBatches,
    );
    expect(Object.values(deadLettered)).toEqual([1]);
  });

  it('the verification fails for a receiver that answers another status', async () => {
    await using folder = await temporaryFolder();
    const known = ['Bearer wrong-token', `Bearer ${sandboxKeys.currentsToken}`] as const;
    const changed = await changedCase(folder.path, file, 'an event with a wrong token', known);
    await expect(verify(changed)).rejects.toThrow('Expected status code 200 to be a 401, 403');
  });
});
