/**
 * `npm run packages`: the published form of each package, one folder under its `dist/publish`.
 *
 * Beside the ES modules of the compiler there is a CommonJS bundle for `require` (Jest, older
 * configurations), with those dependencies in it that are ES modules only. Tests, source maps and conditions
 * for this repository only are left out. `--pack <folder>` writes the tarballs there and prints their paths,
 * one a line. Without it a table shows each package's cost: bytes of the tarball and on disk, and the types
 * that TypeScript instantiates to check its declarations with their dependencies.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { tableOf } from './table.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

const packages = ['core', 'console', 'simulator-kit', 'mock-braze', 'mock-mixpanel'];

/**
 * Packages that are not published: their modules are included in each package that names them in its
 * devDependencies, which then depends on what they depend on.
 */
const included = ['simulated-clock', 'concurrency', 'currents-files'];
const ours = name => `@braze-mixpanel/${name}`;

/**
 * Clients of buckets, loaded when one is opened. No published package depends on them: with theirs they are
 * larger than all the rest. A package that can use one names it among its peers.
 */
const clients = ['@aws-sdk/', '@azure/', '@google-cloud/'];

/** Dependencies that not every runner can load by `require`: they are part of the bundle. */
const modulesOnly = ['commander', '@noble/hashes', 'hysnappy'];
/** Entries that only make sense in ES modules. */
const withoutRequire = ['./vitest'];
/** Entries for this repository's own tests. */
const unpublished = ['./testing'];

/** Compiles the packages and creates the folder of each. */
async function stage() {
  const turbo = join(root, 'node_modules/turbo/bin/turbo');
  await run(process.execPath, [turbo, 'run', 'build'], { cwd: root });
  return Promise.all(packages.map(stageOne));
}

async function stageOne(name) {
  const folder = join(root, 'packages', name);
  const out = join(folder, 'dist/publish');
  const manifest = await manifestOf(name);
  const parts = included.filter(part => ours(part) in (manifest.devDependencies ?? {}));
  const dependencies = { ...(await dependenciesOf(parts)), ...manifest.dependencies };
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await copyModules(folder, join(out, 'dist'));
  const page = join(folder, 'dist/page');
  if (existsSync(page)) await cp(page, join(out, 'dist/page'), { recursive: true });
  for (const part of parts) await include(part, join(out, 'dist'));
  await cp(join(root, 'LICENSE'), join(out, 'LICENSE'));
  for (const kept of ['README.md', ...manifest.files.filter(name => name !== 'dist')])
    await cp(join(folder, kept), join(out, kept), { recursive: true });
  const exports = {};
  const required = [];
  for (const [entry, { types, default: module }] of Object.entries(manifest.exports)) {
    if (unpublished.includes(entry)) continue;
    const commonJs = module.replace(/\.js$/, '.cjs');
    if (!withoutRequire.includes(entry)) required.push(module);
    exports[entry] = withoutRequire.includes(entry)
      ? { types, default: module }
      : {
          require: { types: types.replace(/\.d\.ts$/, '.d.cts'), default: commonJs },
          default: { types, default: module },
        };
  }
  await typesForRequire(join(out, 'dist'));
  await bundle(folder, out, required, { ...manifest, dependencies });
  const { scripts, devDependencies, private: _, ...kept } = manifest;
  const published = { ...kept, dependencies, exports, publishConfig: { access: 'public' } };
  await writeFile(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  return out;
}

const manifestOf = async name =>
  JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8'));

/** Dependencies of included packages that are not ours. */
async function dependenciesOf(parts) {
  const manifests = await Promise.all(parts.map(manifestOf));
  const all = manifests.flatMap(({ dependencies = {} }) => Object.entries(dependencies));
  const left = [ours(''), ...clients];
  return Object.fromEntries(all.filter(([name]) => !left.some(prefix => name.startsWith(prefix))));
}

/**
 * Copies the compiled modules of a package, without output of an earlier build whose source is deleted or
 * moved.
 */
async function copyModules(folder, to) {
  for (const file of await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = relative(join(folder, 'dist'), join(file.parentPath, file.name));
    const source = join(folder, 'src', path.replace(/(\.d\.ts|\.js)$/, '.ts'));
    if (file.isFile() && existsSync(source)) await cp(join(folder, 'dist', path), join(to, path));
  }
}

/** Copies an unpublished package into a folder of its name, and makes its imports relative. */
async function include(name, dist) {
  await copyModules(join(root, 'packages', name), join(dist, name));
  for (const file of await readdir(dist, { recursive: true })) {
    if (!/\.(d\.ts|js)$/.test(file)) continue;
    const text = await readFile(join(dist, file), 'utf8');
    const path = relative(dirname(join(dist, file)), join(dist, name, 'index.js'));
    const specifier = path.startsWith('.') ? path : `./${path}`;
    await writeFile(
      join(dist, file),
      text.replaceAll(new RegExp(`(?<=['"])${ours(name)}(?=['"])`, 'g'), specifier),
    );
  }
}

/**
 * Creates a CommonJS declaration for each one of a module: TypeScript decides by the extension of the
 * declaration.
 */
async function typesForRequire(dist) {
  for (const file of await readdir(dist, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = await readFile(join(dist, file), 'utf8');
    const relatives = /(from '|import\('|import\("|from ")(\.{1,2}\/[^'"]*)\.js(?=['"])/g;
    await writeFile(join(dist, file.replace(/\.d\.ts$/, '.d.cts')), text.replaceAll(relatives, '$1$2.cjs'));
  }
}

async function bundle(folder, out, entries, { dependencies = {}, peerDependencies = {} }) {
  const external = Object.keys({ ...dependencies, ...peerDependencies }).filter(
    name => !modulesOnly.includes(name),
  );
  await build({
    entryPoints: entries.map(entry => join(folder, entry)),
    outdir: join(out, 'dist'),
    outbase: join(folder, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: [...external.flatMap(name => [name, `${name}/*`]), ...clients.map(prefix => `${prefix}*`)],
    define: { 'import.meta.url': 'importMetaUrl', 'import.meta.resolve': 'importMetaResolve' },
    banner: { js: moduleFacts },
    // Without `import()`, which Jest refuses without a flag.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
}

/**
 * Replacements of `import.meta` for CommonJS. A file for the browser is a module, which `require` would not
 * choose.
 */
const moduleFacts = `
const { pathToFileURL: urlOfPath } = require('node:url');
const importMetaUrl = urlOfPath(__filename).href;
const importMetaResolve = name => {
  const { existsSync } = require('node:fs');
  const places = (require.resolve.paths(name) || []).map(folder => folder + '/' + name);
  const found = places.flatMap(place => [place + '.mjs', place]).find(place => existsSync(place));
  return urlOfPath(found ?? require.resolve(name)).href;
};`;

/** Tarballs of the folders, as `npm publish` would send them. */
async function pack(folderOfTarballs) {
  const destination = resolve(folderOfTarballs);
  await mkdir(destination, { recursive: true });
  const tarballs = [];
  for (const folder of await stage()) {
    const { stdout } = await run('npm', ['pack', folder, '--json', '--pack-destination', destination], {
      cwd: destination,
    });
    tarballs.push(join(destination, JSON.parse(stdout)[0].filename));
  }
  return tarballs;
}

/** The cost of a package for its users. */
async function costOf(folder) {
  const { stdout } = await run('npm', ['pack', folder, '--json', '--dry-run']);
  const [{ name, size, unpackedSize }] = JSON.parse(stdout);
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const consumer = join(folder, 'consumer.ts');
  const imports = Object.keys(exports).map((entry, index) => {
    return `import * as entry${index} from '${entry.replace('.', name)}';\nvoid entry${index};`;
  });
  await writeFile(consumer, imports.join('\n'));
  const options = ['--ignoreConfig', '--noEmit', '--module', 'nodenext', '--types', 'node'];
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), ...options, '--extendedDiagnostics', consumer];
  const checked = await run(process.execPath, tsc, { cwd: root });
  await rm(consumer);
  const instantiations = Number(/Instantiations:\s*(\d+)/.exec(checked.stdout)?.[1]);
  return { package: name, 'tarball bytes': size, 'bytes on disk': unpackedSize, instantiations };
}

const { values } = parseArgs({ options: { pack: { type: 'string' } } });
if (values.pack === undefined) {
  const folders = await stage();
  for (const folder of folders) console.log(folder);
  console.log(tableOf(await Promise.all(folders.map(costOf))));
} else for (const made of await pack(values.pack)) console.log(made);
