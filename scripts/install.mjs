/**
 * Installs missing dependencies. npm's record in `node_modules` lists the installed packages; a stamp file
 * beside it caches the comparison with the lockfile. A lock folder prevents concurrent installs. Plain
 * JavaScript for Node 20, which runs before any dependency is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules/.installed-from');
const record = join(root, 'node_modules/.package-lock.json');
const lock = join(root, '.bootstrap.lock');

export async function ensureInstalled() {
  process.chdir(root);
  if (isInstalled()) return;
  await withLock(() => {
    if (!isInstalled()) install();
  });
}

/** Path of Node.js: the version pinned in the lockfile on Linux, elsewhere the running one. */
export function pinnedNode() {
  const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new Error(
    `This project requires Node 24; found ${process.version}. Install Node 24 (https://nodejs.org) and retry.`,
  );
}

function lockfileDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function isInstalled() {
  const digest = lockfileDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return true;
  if (!existsSync(record)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!holdsAll(packagesOf(record), wanted)) return false;
  writeFileSync(stamp, digest);
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

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function install() {
  console.error('Installing dependencies (first run only) …');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const { status, error, stderr } = spawnSync(command, [...args, 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error || status !== 0)
    throw new Error(reasonOf(stderr ?? '') ?? `${stderr ?? ''}npm ci failed. ${retry}`);
  process.stderr.write(stderr);
  writeFileSync(stamp, lockfileDigest());
}

const retry = 'Fix the problem and retry.';

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

async function withLock(work) {
  while (!tryLock()) await delay(200);
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock() {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ownerIsGone()) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** A lock is stale if its process has ended (a crash, a closed terminal). */
function ownerIsGone() {
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
