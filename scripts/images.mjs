/**
 * `npm run images`: the images of the service and of both simulators.
 *
 * Each is one layer of bundled sources on a base image that `contracts/containers/base-image` names
 * (`BASE_IMAGE` in the environment selects another one). Nothing is compiled or installed inside a container,
 * so it takes a second, and the base image is the only download.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build as buildPage } from 'vite';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

/** `--tag` names the images, `--label key=value` marks them, so that their builder can find its own. */
const { values: options } = parseArgs({
  options: {
    tag: { type: 'string', default: 'latest' },
    label: { type: 'string', multiple: true, default: [] },
  },
});

/** Maximum of megabytes of our own layers on top of the base image. */
const sizeLimit = 25;
const megabytes = bytes => (bytes / 1_000_000).toFixed(1);

/** A label on every image of ours, so that untagged images of earlier builds can be found and removed. */
const label = 'org.braze-mixpanel.image';

const simulators = 'packages/simulators.Dockerfile';
const images = [
  {
    name: 'service',
    dockerfile: 'apps/service/Dockerfile',
    args: {},
  },
  ...[
    { name: 'mock-braze', PORT: '4010' },
    { name: 'mock-mixpanel', PORT: '4020' },
  ].map(({ name, PORT }) => ({
    name,
    dockerfile: simulators,
    args: { SIMULATOR: name, PORT },
  })),
];

/** Folder with the source of the console's page, which is built once for all images. */
const consolePage = join(root, 'packages/console/page');

/** The base image's name; afterwards the container engine has the image. */
async function baseImage() {
  if (process.platform === 'linux') {
    const { stdout, stderr } = await run(join(root, 'contracts/containers/base-image'));
    process.stderr.write(stderr);
    return stdout.trim();
  }
  const dockerfile = readFileSync(join(root, images[0].dockerfile), 'utf8');
  const { BASE_IMAGE = /^ARG BASE_IMAGE=(\S+)$/m.exec(dockerfile)[1] } = process.env;
  await run('docker', ['pull', '--quiet', BASE_IMAGE]);
  return BASE_IMAGE;
}

async function buildImage({ name, dockerfile, args }, base) {
  const image = `braze-mixpanel/${name}:${options.tag}`;
  const buildArgs = Object.entries({ BASE_IMAGE: base, ...args }).flatMap(([key, value]) => [
    '--build-arg',
    `${key}=${value}`,
  ]);
  const labels = [`${label}=${name}`, ...options.label].flatMap(each => ['--label', each]);
  const names = ['--tag', image, ...labels];
  await run('docker', ['build', '--quiet', '--file', dockerfile, ...names, ...buildArgs, '.'], { cwd: root });
  return image;
}

/** Bytes of an image's file systems, those of its base included. */
async function sizeOf(image) {
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  return Number(stdout);
}

async function main() {
  await buildPage({ root: consolePage, logLevel: 'warn' });
  const [base] = await Promise.all([baseImage(), ...images.map(({ name }) => bundle(name))]);
  console.log(`built on ${base}`);
  const baseSize = await sizeOf(base);
  for (const image of images) {
    const tag = await buildImage(image, base);
    const own = (await sizeOf(tag)) - baseSize;
    console.log(`${tag}: ${megabytes(own)} MB of our own`);
    if (own > sizeLimit * 1_000_000) {
      throw new Error(
        `${tag} adds ${megabytes(own)} MB to its base, and may add ${sizeLimit}. What came into the bundle? ls -lS dist/images/${image.name}`,
      );
    }
  }
  await run('docker', ['image', 'prune', '--force', '--filter', `label=${label}`]);
}

try {
  await main();
} catch (error) {
  // Messages of docker and of the base image's script are in their error output.
  console.error(error.stderr?.trim() || error.message);
  process.exitCode = 1;
}
