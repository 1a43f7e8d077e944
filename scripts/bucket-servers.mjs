/**
 * `npm run test:buckets`: the suite of file sources against an S3-compatible server (fauxqs) and Azurite. Both
 * are installed outside the workspace, in `node_modules/.cache/bucket-servers`, since they are larger than
 * half of its dependencies, and end with the command.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'node_modules/.cache/bucket-servers');
const packages = ['azurite@3.37.0', 'fauxqs@1.9.2'];
const installed = name => join(folder, 'node_modules', name);

if (!packages.every(name => existsSync(installed(name.split('@')[0])))) {
  mkdirSync(folder, { recursive: true });
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status } = spawnSync('npm', ['install', ...options, ...packages], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The servers could not be installed; npm says why above. Run it again.');
}

const { startFauxqs } = await import(pathToFileURL(join(installed('fauxqs'), 'dist/app.js')).href);
const s3 = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
const azure = await startAzurite();
try {
  const vitest = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', 'packages/currents-files/src/sources/sources.test.ts'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, S3_SERVER: `http://127.0.0.1:${s3.port}`, AZURE_SERVER: azure.url },
    },
  );
  const [code] = await once(vitest, 'exit');
  process.exitCode = code ?? 1;
} finally {
  azure.process.kill();
  await s3.stop();
}

async function startAzurite() {
  const port = await freePort();
  const options = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--inMemoryPersistence'];
  const azurite = spawn(
    process.execPath,
    [
      join(installed('azurite'), 'dist/src/blob/main.js'),
      ...options,
      '--skipApiVersionCheck',
      '--disableTelemetry',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // The key of packages/currents-files/src/testing/bucket-sources.ts.
      env: { ...process.env, AZURITE_ACCOUNTS: 'devstoreaccount1:c2VjcmV0LW9mLWEtdGVzdA==' },
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers();
  let output = '';
  azurite.stdout.on('data', text => {
    output += text;
    if (output.includes('successfully listens')) resolve();
  });
  azurite.once('exit', () => reject(new Error(`Azurite did not start. ${output}`)));
  await promise;
  return { process: azurite, url: `http://127.0.0.1:${port}` };
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
