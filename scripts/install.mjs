/**
 * Installing what is missing, once: npm's own record in `node_modules` says what is there, whoever installed it, and a stamp beside it
 * that this was compared with the lockfile already. A lock folder keeps two commands from installing at the same time. Plain
 * JavaScript for Node 20: nothing is there yet.
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

/** The Node that everything runs on: the pinned one of the lockfile on Linux, elsewhere the one that runs this. */
export function pinnedNode() {
  const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new Error(
    `This project runs on Node 24 and found ${process.version}: please install Node 24 (https://nodejs.org) and try again.`,
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

/** Whether everything that a lockfile wants is there, but for what other platforms want. */
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
  console.error('Installing dependencies (once) …');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const { status, error } = spawnSync(command, [...args, 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    throw new Error('npm ci failed (its own words stand above): mend that and run the same command again.');
  }
  writeFileSync(stamp, lockfileDigest());
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

/** A lock whose process died (a crash, a closed terminal) is nobody's. */
function ownerIsGone() {
  let pid;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return false; // just made, its pid not written yet, or just removed
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
