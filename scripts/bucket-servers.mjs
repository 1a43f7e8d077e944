/**
 * The servers of buckets that others wrote: fauxqs, which is compatible with S3, and Azurite. They are
 * installed outside the workspace, in `node_modules/.cache/bucket-servers`, since they are larger than half of
 * its dependencies. `--image <tag> --base <image> --label <key=value>` builds braze-mixpanel/s3, an image of
 * fauxqs with the bucket `exports` on port 4566.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'node_modules/.cache/bucket-servers');
const packages = ['azurite@3.37.0', 'fauxqs@1.9.2'];
const installed = name => join(folder, 'node_modules', name);

/** Installs the servers if need be. @throws Error with one sentence if npm cannot */
export function installBucketServers() {
  if (packages.every(name => existsSync(installed(name.split('@')[0])))) return;
  mkdirSync(folder, { recursive: true });
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  try {
    execFileSync('npm', ['install', ...options, ...packages], { stdio: 'pipe', timeout: 300_000 });
  } catch (error) {
    const [first] = String(error.stderr ?? '').match(/^npm error .*/gm) ?? [error.message];
    throw new Error(
      `npm could not install ${packages.join(' and ')} (${first}). Run it again with a network.`,
    );
  }
}

/** Starts the server that is compatible with S3. */
export async function startS3() {
  const { startFauxqs } = await import(pathToFileURL(join(installed('fauxqs'), 'dist/app.js')).href);
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
}

/** Starts Azurite, with the key of packages/currents-files/src/testing/bucket-sources.ts. */
export async function startAzurite() {
  const port = await freePort();
  const options = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--inMemoryPersistence'];
  const program = join(installed('azurite'), 'dist/src/blob/main.js');
  const azurite = spawn(
    process.execPath,
    [program, ...options, '--skipApiVersionCheck', '--disableTelemetry'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
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
  return { url: `http://127.0.0.1:${port}`, stop: () => azurite.kill() };
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Builds the image from one bundled file on an image with Node. */
async function buildImage({ image, base, label }) {
  const context = join(root, 'dist/images/s3');
  await build({
    stdin: {
      resolveDir: folder,
      contents: `import { startFauxqs } from 'fauxqs';
        await startFauxqs({ port: 4566, host: '0.0.0.0', logger: false, init: { buckets: ['exports'] } });
        console.log('listening on 4566');`,
    },
    outfile: join(context, 'main.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const dockerfile = `FROM ${base}\nCOPY main.mjs /app/\nUSER node\nENTRYPOINT ["node", "/app/main.mjs"]\n`;
  const names = ['--tag', `braze-mixpanel/s3:${image}`, '--label', label];
  execFileSync('docker', ['build', '--quiet', '--file', '-', ...names, context], {
    input: dockerfile,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

if (import.meta.main) {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { image: text, base: text, label: text } });
  try {
    installBucketServers();
    if (values.image !== undefined) await buildImage(values);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
