/**
 * `node scripts/service-bundle.mjs`: prints the path of the service's bundle, as its image has it, for tests that
 * start the service as a process: a start from the sources needs twice the CPU.
 *
 * The folder of a bundle is named after a digest of all that it is made of, so a test never runs former code: after
 * a change of a source, of the lockfile or of the bundler there is no bundle of that name, and one is made. A source
 * outside the digest fails the build.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Milliseconds after which a bundle of former sources is removed: a test run that began before may still use it. */
const keptFor = 3_600_000;

const others = ['package-lock.json', 'tsconfig.base.json', 'scripts/bundle.mjs'];
const ofWorkspaces = '{apps/service,packages/*}/{package.json,tsconfig.json,src/**/*.*}';

/** Paths of the files that a bundle may be made of, apart from the packages of the lockfile. */
function sourcesIn(folder) {
  const files = globSync(ofWorkspaces, { cwd: folder }).filter(file => !file.endsWith('.test.ts'));
  return [...others, ...files].sort();
}

/** A digest of the paths and the contents of the files. */
function digestOf(folder, files) {
  const digest = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(folder, file));
    digest.update(`${file}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex').slice(0, 16);
}

/**
 * The path of the bundle's entry, which is built where there is none of these sources.
 *
 * @param options `folder` is the repository, `build` fills a folder with the bundle and resolves to the paths of its
 *   sources; for tests
 * @throws Error if the bundle has a source that the digest leaves out
 */
export async function serviceBundle({ folder = root, build = bundleService } = {}) {
  const files = sourcesIn(folder);
  const digest = digestOf(folder, files);
  const bundles = join(folder, 'dist/tests');
  const bundle = join(bundles, `service-${digest}`);
  const main = join(bundle, 'main.mjs');
  if (existsSync(main)) return main;
  mkdirSync(bundles, { recursive: true });
  removeFormer(bundles);
  const made = mkdtempSync(join(bundles, 'service-new-'));
  try {
    requireAll(files, await build(made));
    // A source was changed during the build: which of both is in the bundle is not known.
    if (digestOf(folder, sourcesIn(folder)) !== digest) return await serviceBundle({ folder, build });
    renameSync(made, bundle);
  } catch (error) {
    // Another process may have made the same one meanwhile.
    if (!existsSync(main)) throw error;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return main;
}

/** Loads the bundler only where there is something to build. */
async function bundleService(out) {
  const { bundleInto } = await import('./bundle.mjs');
  return bundleInto(out, 'service');
}

function requireAll(files, built) {
  const known = new Set(files);
  const unknown = built.filter(file => !file.includes('node_modules/') && !known.has(file));
  if (unknown.length > 0)
    throw new Error(
      `The bundle of the service has sources that its digest leaves out: ${unknown.join(', ')}. Add them in scripts/service-bundle.mjs.`,
    );
}

function removeFormer(bundles) {
  for (const name of globSync('service-*', { cwd: bundles })) {
    const path = join(bundles, name);
    if (Date.now() - statSync(path).mtimeMs > keptFor) rmSync(path, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await serviceBundle());
