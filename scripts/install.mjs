/**
 * Installs missing dependencies: those with which servers run, or all of them, which tests and tools need too.
 * npm's record in `node_modules` lists the installed packages; a stamp file beside it caches the comparison
 * with the lockfile. A lock folder prevents concurrent installs. Plain JavaScript for Node 20, which runs
 * before any dependency is installed. `node scripts/install.mjs` installs all dependencies.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { showProgress } from './install-progress.mjs';

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Returns when the dependencies of `scope` are installed: `run` for those of the servers, `all` for those of
 * development as well, which are only ever added: a server that runs meanwhile keeps its packages.
 *
 * @param options `root` is the repository, `npm` runs npm with arguments and resolves to its exit and reports,
 *   `stream` gets the messages; for tests
 */
export async function ensureInstalled(
  scope = 'all',
  { root = repository, npm = runNpm, stream = process.stderr } = {},
) {
  process.chdir(root);
  if (isInstalled(root, scope)) return;
  await withLock(root, stream, async () => {
    if (!isInstalled(root, scope)) await install(root, scope, npm, stream);
  });
}

/** Path of Node.js: the version pinned in the lockfile on Linux, elsewhere the running one. */
export function pinnedNode() {
  const pinned = join(repository, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new Error(
    `This project requires Node 24; found ${process.version}. Install Node 24 (https://nodejs.org) and retry.`,
  );
}

const stampOf = root => join(root, 'node_modules/.installed-from');
const recordOf = root => join(root, 'node_modules/.package-lock.json');
const lockfileOf = root => join(root, 'package-lock.json');

const digestOf = root =>
  createHash('sha256')
    .update(readFileSync(lockfileOf(root)))
    .digest('hex');

function isInstalled(root, scope) {
  const digest = digestOf(root);
  const stamp = existsSync(stampOf(root)) ? readFileSync(stampOf(root), 'utf8') : '';
  if (stamp === `${digest} all` || stamp === `${digest} ${scope}`) return true;
  if (!holdsAll(recordedPackages(root), wantedBy(scope, packagesOf(lockfileOf(root))))) return false;
  writeFileSync(stampOf(root), `${digest} ${scope}`);
  return true;
}

/**
 * Whether all packages of the lockfile are installed; optional ones, which may be for other platforms, do not
 * count.
 */
export function holdsAll(installed, wanted) {
  return Object.entries(wanted).every(
    ([place, { version, integrity, optional }]) =>
      place === '' ||
      optional === true ||
      (installed[place]?.version === version && installed[place]?.integrity === integrity),
  );
}

/** The packages of the lockfile that a scope needs. */
export function wantedBy(scope, packages) {
  return Object.fromEntries(
    Object.entries(packages).filter(([, { dev }]) => scope === 'all' || dev !== true),
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

const recordedPackages = root => (existsSync(recordOf(root)) ? packagesOf(recordOf(root)) : {});

/** Where the packages of a scope are on this platform, relative to the repository. */
function placesOf(wanted) {
  const fits = (list, own) => list === undefined || list.includes(own);
  return Object.entries(wanted).flatMap(([place, { link, os, cpu, libc }]) =>
    place.includes('node_modules/') &&
    !link &&
    fits(os, process.platform) &&
    fits(cpu, process.arch) &&
    fits(libc, 'glibc')
      ? [place]
      : [],
  );
}

async function install(root, scope, npm, stream) {
  const locked = packagesOf(lockfileOf(root));
  const present = recordedPackages(root);
  // Who has the tools of development keeps them when the lockfile changes.
  const hasTools = Object.values(present).some(({ dev }) => dev === true);
  const all = scope === 'all' || hasTools;
  const wanted = wantedBy(all ? 'all' : 'run', locked);
  const isAddition = holdsAll(present, wantedBy('run', locked));
  const kind = all ? '--include=dev' : '--omit=dev';
  const progress = showProgress({
    ...{ root, stream, places: placesOf(wanted) },
    what: all ? 'all dependencies' : 'what the servers need',
  });
  const { status, report } = await npm(
    [...(isAddition ? ['install', '--no-save'] : ['ci']), kind, '--loglevel=error'],
    root,
  ).finally(() => progress.end());
  if (status !== 0) throw new Error(reasonOf(report) ?? `${report}npm failed. ${retry}`);
  stream.write(report);
  progress.report();
  writeFileSync(stampOf(root), `${digestOf(root)} ${all ? 'all' : 'run'}`);
}

const retry = 'Fix the problem and retry.';

/** Runs npm. Resolves to its exit code and its error output. */
function runNpm(args, cwd) {
  const path = process.env.npm_execpath;
  const [command, ...before] = path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    let report = '';
    child.stderr.setEncoding('utf8').on('data', text => {
      report += text;
    });
    child.once('error', reject);
    child.once('close', status => resolve({ status, report }));
  });
}

/** A sentence instead of npm's report, if the registry cannot be reached; otherwise `undefined`. */
export function reasonOf(report) {
  const code =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/.exec(
      report,
    )?.[1];
  if (code === undefined) return undefined;
  const host = /https?:\/\/([^/\s]+)/.exec(report)?.[1] ?? 'the npm registry';
  return `The dependencies are not installed, and ${host} cannot be reached (${code}). Connect to the network, or set npm's registry or proxy, and retry.`;
}

async function withLock(root, stream, work) {
  const lock = join(root, '.bootstrap.lock');
  for (let waits = 0; !tryLock(lock); waits++) {
    if (waits === 5) stream.write('Waiting for another command, which installs dependencies …\n');
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ownerIsGone(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** A lock is stale if its process has ended (a crash, a closed terminal). */
function ownerIsGone(lock) {
  let pid;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return false; // just created without its pid yet, or just removed
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await ensureInstalled().catch(error => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
