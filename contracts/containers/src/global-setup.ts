import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { removeLeaks, removeLeftovers, runLabel } from './leftovers.ts';
import { ownRun } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run, for the label of everything it creates. */
    run: string;
    /** Tag of this run's images, which differs from that of a parallel checkout. */
    tag: string;
    /** Name of the PostgreSQL image. */
    postgres: string;
    /** Why there is no image of an S3-compatible server; empty if there is one. */
    noS3: string;
  }
}

const execute = promisify(execFile);

/** Builds the images from the current sources, and fails if the suites leave anything behind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removed = await removeLeftovers();
  if (removed.length > 0) console.log(`Removed leftovers of an ended run: ${removed.join(', ')}.`);
  const run = ownRun();
  const tag = createHash('sha256').update(run).digest('hex').slice(0, 12);
  project.provide('run', run);
  project.provide('tag', tag);
  await buildImages(run, tag);
  project.provide('postgres', await postgresImage());
  project.provide('noS3', await s3Image(run, tag));
  return async () => {
    const leaked = await removeLeaks(run);
    if (leaked.length > 0) {
      throw new Error(`The suites did not remove: ${leaked.join(', ')}.`);
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

/** Builds the image of the S3-compatible server. Resolves to the reason why there is none. */
async function s3Image(run: string, tag: string): Promise<string> {
  const script = fileURLToPath(new URL('../../../scripts/bucket-servers.mjs', import.meta.url));
  const options = [
    '--image',
    tag,
    '--base',
    `braze-mixpanel/mock-braze:${tag}`,
    '--label',
    `${runLabel}=${run}`,
  ];
  return execute(process.execPath, [script, ...options]).then(
    () => '',
    ({ stderr, message }) => {
      const reason = stderr?.trim() || message;
      if (process.env.REQUIRE_BUCKETS === '1')
        throw new Error(`There is no image of an S3 server: ${reason}`);
      console.log(`The container suites with a bucket were not run: ${reason}`);
      return reason;
    },
  );
}

/** Runs a command; if it fails, the error contains the command's own output. */
async function said<T>(what: string, command: Promise<T>): Promise<T> {
  return command.catch((error: Error & { stderr?: string }) => {
    throw new Error(`${what}: ${error.stderr?.trim() || error.message}`);
  });
}
