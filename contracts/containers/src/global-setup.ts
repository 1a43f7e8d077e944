import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { removeLeaks, removeLeftovers } from './leftovers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Process id of the run, for the label of everything it makes. */
    run: number;
  }
}

/** Builds the images from the sources as they are now, and holds the suites to leaving nothing behind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removed = await removeLeftovers();
  if (removed.length > 0)
    console.log(`Removed what a run that is no more left behind: ${removed.join(', ')}.`);
  await buildImages();
  project.provide('run', process.pid);
  return async () => {
    const leaked = await removeLeaks();
    if (leaked.length > 0) {
      throw new Error(`The suites left behind, and should have stopped: ${leaked.join(', ')}.`);
    }
  };
}

async function buildImages(): Promise<void> {
  const script = new URL('../../../scripts/images.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script]).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`The images could not be built: ${error.stderr?.trim() || error.message}`);
    },
  );
  process.stdout.write(stdout);
}
