import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { removeLeaks, removeLeftovers, runLabel } from './leftovers.ts';
import { ownRun } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run, for the label of everything it makes. */
    run: string;
    /** Tag of the images of this run: what a checkout beside this one builds has another. */
    tag: string;
    /** Name of the PostgreSQL image. */
    postgres: string;
  }
}

const execute = promisify(execFile);

/** Builds the images from the sources as they are now, and holds the suites to leaving nothing behind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removed = await removeLeftovers();
  if (removed.length > 0)
    console.log(`Removed what a run that is no more left behind: ${removed.join(', ')}.`);
  const run = ownRun();
  const tag = createHash('sha256').update(run).digest('hex').slice(0, 12);
  project.provide('run', run);
  project.provide('tag', tag);
  await buildImages(run, tag);
  project.provide('postgres', await postgresImage());
  return async () => {
    const leaked = await removeLeaks(run);
    if (leaked.length > 0) {
      throw new Error(`The suites left behind, and should have stopped: ${leaked.join(', ')}.`);
    }
  };
}

async function buildImages(run: string, tag: string): Promise<void> {
  const script = fileURLToPath(new URL('../../../scripts/images.mjs', import.meta.url));
  const { stdout } = await said(
    'The images could not be built',
    execute(process.execPath, [script, '--tag', tag, '--label', `${runLabel}=${run}`]),
  );
  process.stdout.write(stdout);
}

async function postgresImage(): Promise<string> {
  const script = fileURLToPath(new URL('../postgres-image', import.meta.url));
  const { stdout, stderr } = await said('There is no PostgreSQL image', execute(script, []));
  process.stderr.write(stderr);
  return stdout.trim();
}

/** With a command's own words where it fails. */
async function said<T>(what: string, command: Promise<T>): Promise<T> {
  return command.catch((error: Error & { stderr?: string }) => {
    throw new Error(`${what}: ${error.stderr?.trim() || error.message}`);
  });
}
