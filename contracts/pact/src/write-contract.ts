import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MatchersV3, PactV3, PactV4, SpecificationVersion } from '@pact-foundation/pact';
import { type Contract, fileOf, type HttpContract, type MessageContract } from './contract.ts';
import { readPactFile, writePactFile } from './pact-file.ts';
import './without-telemetry.ts';

/**
 * Plays every case of a contract and writes its file into `folder`. Pact appends to an existing file, so the
 * file is written into an empty folder first and has no removed cases.
 *
 * @throws Error with the difference if a sender sends something else, or misinterprets the answer; then no
 * file is written
 */
export async function writeContract(contract: Contract, folder: string): Promise<void> {
  await using scratch = await temporaryFolder();
  if (contract.kind === 'http') await playRequests(contract, scratch.path);
  else await playMessages(contract, scratch.path);
  const file = fileOf(contract);
  await writePactFile(join(folder, file), await readPactFile(join(scratch.path, file)));
}

async function playRequests({ consumer, provider, cases }: HttpContract, dir: string): Promise<void> {
  const spec = SpecificationVersion.SPECIFICATION_VERSION_V4;
  const pact = new PactV3({ consumer, provider, dir, spec, logLevel: 'error' });
  for (const { interaction, play } of cases) {
    await pact.addInteraction(interaction).executeTest(({ url }) => play(url));
  }
}

async function playMessages({ consumer, provider, cases }: MessageContract, dir: string): Promise<void> {
  const pact = new PactV4({ consumer, provider, dir, logLevel: 'error' });
  for (const { description, state, content, play } of cases) {
    await pact
      .addAsynchronousInteraction()
      .given(state.description, JSON.parse(JSON.stringify(state.parameters)))
      .expectsToReceive(description, message => message.withJSONContent(MatchersV3.equal(content)))
      .executeTest(({ contents }) => play(contents.content));
  }
}

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'pact-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
