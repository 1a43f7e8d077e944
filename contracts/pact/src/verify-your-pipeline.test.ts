import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from './contract.ts';
import { bodyLimit, currentsContract } from './currents/cases.ts';
import { committed } from './pact-file.ts';
import { temporaryFolder } from './write-contract.ts';

const repository = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const environment = { PATH: process.env.PATH, PACT_DO_NOT_TRACK: '1' };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

/**
 * The page's "folder of its own": its examples, the contract, and the dependencies that `npm install` would
 * add.
 */
beforeAll(async () => {
  folder = await temporaryFolder();
  const page = await readFile(join(repository, 'docs/verify-your-pipeline.md'), 'utf8');
  for (const [, name = '', code = ''] of page.matchAll(/^```js (\S+)\n(.*?)^```$/gms)) {
    await writeFile(join(folder.path, name), code);
  }
  const file = fileOf(currentsContract(catalogue2022_06));
  await copyFile(committed(file), join(folder.path, file));
  await symlink(join(repository, 'node_modules'), join(folder.path, 'node_modules'));
});
afterAll(() => folder[Symbol.asyncDispose]());

const runExample = (name: string, addresses: Record<string, string>) =>
  run(process.execPath, [name], { cwd: folder.path, env: { ...environment, ...addresses } });

async function startReceiver(name: string): Promise<AsyncDisposable & { readonly url: string }> {
  const settings = { CURRENTS_TOKEN: sandboxKeys.currentsToken, BODY_LIMIT: String(bodyLimit), PORT: '0' };
  const receiver: ChildProcess = spawn(process.execPath, [name], {
    cwd: folder.path,
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(receiver, 'close');
  const [line] = await once(createInterface(receiver.stdout!), 'line');
  return {
    url: String(line).replace('listening on ', ''),
    async [Symbol.asyncDispose]() {
      receiver.kill();
      await ended;
    },
  };
}

describe('the page on verifying your own pipeline', () => {
  it('has a receiver that keeps the contract', async () => {
    await using receiver = await startReceiver('receiver.mjs');
    const { stdout } = await runExample('check-receiver.mjs', { RECEIVER_URL: receiver.url });
    expect(stdout).toContain('The receiver keeps the contract with Braze Currents.');
  });

  it('has a check that fails for a receiver that rejects a batch because of one bad event', async () => {
    const code = await readFile(join(folder.path, 'receiver.mjs'), 'utf8');
    const strict = code.replace('console.error(`set aside', 'throw new Error(`set aside');
    expect(strict).not.toBe(code);
    await writeFile(join(folder.path, 'strict-receiver.mjs'), strict);
    await using receiver = await startReceiver('strict-receiver.mjs');
    await expect(runExample('check-receiver.mjs', { RECEIVER_URL: receiver.url })).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/There were 1 pact failures/),
    });
  });

  it('has an example of the simulated Braze sending to the same receiver', async () => {
    await using receiver = await startReceiver('receiver.mjs');
    await using braze = await startMockBraze();
    const { stdout } = await runExample('drive-braze.mjs', {
      RECEIVER_URL: receiver.url,
      BRAZE_URL: braze.url,
    });
    expect(stdout).toBe('taken: 410 of 410, dropped: {}\n');
  });

  it('has an import client that loses nothing with the simulated Mixpanel', async () => {
    await using mixpanel = await startMockMixpanel();
    const { stdout } = await runExample('check-import-client.mjs', { MIXPANEL_URL: mixpanel.url });
    expect(stdout).toBe('sent again after a 429 and a lost answer: 4 events stored, 2 different ones\n');
  });
});
