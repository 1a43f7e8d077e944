/**
 * Installing what is missing, once: a stamp in `node_modules` holds the digest of the lockfile it was installed from,
 * a lock folder keeps two commands from installing at the same time. Plain JavaScript for Node 20: nothing is there yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules/.installed-from');
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
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileDigest();
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
