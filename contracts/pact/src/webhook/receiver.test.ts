import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { changedCase } from '../testing/changed-case.ts';
import { verifyContract } from '../verify-contract.ts';
import { temporaryFolder } from '../write-contract.ts';
import { webhookContract } from './cases.ts';

const file = fileOf(webhookContract);
let stack: Awaited<ReturnType<typeof startStack>>;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

const verify = (path: string) =>
  verifyContract({
    file: path,
    provider: { url: stack.service },
    states: { 'the webhook knows its user': async () => undefined },
  });

it("the service keeps its contract with Mixpanel's cohort sync, and sends the members to Braze", async () => {
  await verify(committed(file));
  // The last case of the file completes the two pages of a cohort; a case before it may have the same count in Braze.
  const [sync] = await until(
    'the cohort to be in Braze',
    async () =>
      (await call<Syncs>('GET', `${stack.service}/api/cohorts`, undefined, { token: sandboxKeys.adminToken }))
        .cohorts,
    ([first]) => first?.brazeMembers === 1 && first.mixpanelMembers === 1,
  );
  expect(sync).toMatchObject({ cohort: '12345', source: 'webhook', mixpanelMembers: 1 });
});

interface Syncs {
  cohorts: { cohort: string; source: string; mixpanelMembers: number; brazeMembers: number }[];
}

it('the verification fails for an answer that is not the documented success', async () => {
  await using folder = await temporaryFolder();
  const changed = await changedCase(folder.path, file, 'a whole cohort', ['"success"', '"taken"']);
  await expect(verify(changed)).rejects.toThrow(/status/);
});
