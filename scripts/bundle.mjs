/**
 * `node scripts/bundle.mjs <name> …`: the bundles of the images, in `dist/images/<name>`: of the service and
 * of both simulators, or of those that are named. The page of the console is copied from `dist/page` where it
 * was built.
 */
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'packages/console/dist/page');

/** The entry and the threads of each bundle. */
const entries = {
  service: [
    'apps/service/src/main.ts',
    'packages/storage/src/sqlite/thread/sqlite-worker.ts',
    'apps/service/src/backfill/reading/reader-worker.ts',
  ],
  'mock-braze': ['packages/mock-braze/src/main.ts'],
  'mock-mixpanel': ['packages/mock-mixpanel/src/main.ts'],
};

/**
 * One bundle: `main.mjs`, and beside it each thread under its own name, where the sources expect it. Code
 * that is loaded on demand (tracing) stays in files of its own, so that a start does not read it.
 */
export async function bundle(name) {
  const outdir = join(root, 'dist/images', name);
  await rm(outdir, { recursive: true, force: true });
  await bundleInto(outdir, name);
  if (existsSync(page)) await cp(page, join(outdir, 'page'), { recursive: true });
}

/** The bundle without the page. Resolves to the paths of its sources, relative to the repository. */
export async function bundleInto(outdir, name) {
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: entries[name].map(file => ({ in: join(root, file), out: basename(file, '.ts') })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    conditions: ['source'],
    // CommonJS packages in a bundle of modules load node's own modules by `require`.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    legalComments: 'linked',
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  await Promise.all((names.length > 0 ? names : Object.keys(entries)).map(bundle));
}
