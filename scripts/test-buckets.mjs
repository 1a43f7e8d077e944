/**
 * `npm run test:buckets`: what reads from and writes to buckets against servers that others wrote, or one line
 * with the reason why it was not run. With `REQUIRE_BUCKETS=1` that is a failure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { recordSkipped } from '../vitest.skipped.ts';
import { installBucketServers, startAzurite, startS3 } from './bucket-servers.mjs';

const suites = [
  'packages/currents-files/src/sources/sources.test.ts',
  'packages/currents-files/src/targets/bucket-target.test.ts',
  'packages/mock-braze/src/currents/storage/bucket-current.test.ts',
];

function whyNot() {
  try {
    installBucketServers();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const reason = whyNot();
if (reason === undefined) await runSuites();
else if (process.env.REQUIRE_BUCKETS === '1') {
  console.error(`The bucket suites can't run, but REQUIRE_BUCKETS=1 is set: ${reason}`);
  process.exitCode = 1;
} else {
  recordSkipped(['all bucket suites']);
  console.log(`The bucket suites were not run: ${reason}`);
}

/** The servers end with the command. */
async function runSuites() {
  const [s3, azure] = await Promise.all([startS3(), startAzurite()]);
  try {
    const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...suites], {
      cwd: join(import.meta.dirname, '..'),
      stdio: 'inherit',
      env: { ...process.env, S3_SERVER: s3.url, AZURE_SERVER: azure.url },
    });
    const [code] = await once(vitest, 'exit');
    process.exitCode = code ?? 1;
  } finally {
    azure.stop();
    await s3.stop();
  }
}
