import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root as repository } from './docs.mjs';
import { ensureInstalled, holdsAll, reasonOf } from './install.mjs';
import { showProgress } from './install-progress.mjs';

const wanted = {
  '': { name: 'root' },
  'packages/core': { version: '0.1.0' },
  'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const { 'node_modules/for-another-platform': _, ...installed } = wanted;

it('the check accepts packages installed by hand, and needs only those of the lockfile', () => {
  expect(holdsAll(installed, wanted)).toBe(true);
  expect(holdsAll({ ...installed, 'node_modules/left-over': { version: '1.0.0' } }, wanted)).toBe(true);
  const { 'node_modules/pg': pg, ...without } = installed;
  expect(holdsAll(without, wanted)).toBe(false);
  expect(holdsAll({ ...installed, 'node_modules/pg': { ...pg, version: '7.0.0' } }, wanted)).toBe(false);
  expect(holdsAll({ ...installed, 'node_modules/pg': { ...pg, integrity: 'sha512-c' } }, wanted)).toBe(false);
});

it('an installation without network ends in one sentence, any other failure in the report of npm', () => {
  const report = `npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error errno ENOTFOUND
npm error network request to https://registry.example.com/commander failed, reason: getaddrinfo ENOTFOUND
npm error network This is a problem related to network connectivity.`;
  expect(reasonOf(report)).toBe(
    "The dependencies are not installed, and registry.example.com cannot be reached (ENOTFOUND). Connect to the network, or set npm's registry or proxy, and retry.",
  );
  expect(reasonOf('npm error code EUSAGE\nnpm error The package-lock.json is out of date')).toBeUndefined();
});

describe('what a command installs', () => {
  const packages = {
    '': { name: 'root' },
    'packages/core': { version: '0.1.0' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-z' },
    'node_modules/vitest': { version: '5.0.0', integrity: 'sha512-v', dev: true },
  };
  const here = process.cwd();
  let root;
  let calls;
  let text;

  /** npm that installs at once, and reports what it was asked for. */
  async function npm(args) {
    calls.push(args.slice(0, -1).join(' '));
    const locked = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
    const kept = Object.entries(locked).filter(([, { dev }]) => !args.includes('--omit=dev') || !dev);
    await write('node_modules/.package-lock.json', { packages: Object.fromEntries(kept) });
    return { status: 0, report: '' };
  }
  const write = async (name, value) => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), JSON.stringify(value));
  };
  const stream = {
    write(part) {
      text += part;
    },
  };
  const install = scope => ensureInstalled(scope, { root, npm, stream });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'install-'));
    calls = [];
    text = '';
    await write('package-lock.json', { packages });
  });
  afterEach(async () => {
    process.chdir(here);
    await rm(root, { recursive: true });
  });

  it('a server gets what it runs with, and a test adds the rest without a new installation', async () => {
    await install('run');
    expect(text).toMatch(
      /^Installing what the servers need with npm \(1 packages, once for each version of the lockfile\) …\nInstalled .* in 0 s\.\n$/,
    );
    await install('run');
    await install('all');
    await install('all');
    await install('run');
    expect(calls).toEqual(['ci --omit=dev', 'install --no-save --include=dev']);
  });

  it('commands that start together install once', async () => {
    await Promise.all([install('run'), install('run'), install('run')]);
    expect(calls).toEqual(['ci --omit=dev']);
  });

  it('what was installed by hand counts', async () => {
    await write('node_modules/.package-lock.json', { packages });
    await install('run');
    await install('all');
    expect(calls).toEqual([]);
  });

  it('a server keeps the tools of development when the lockfile changes', async () => {
    await install('all');
    const zod = { version: '4.0.1', integrity: 'sha512-y' };
    await write('package-lock.json', { packages: { ...packages, 'node_modules/zod': zod } });
    await install('run');
    expect(calls).toEqual(['ci --include=dev', 'ci --include=dev']);
  });

  it('a failure is reported, and the next command tries again', async () => {
    const failing = async () => ({ status: 1, report: 'npm error code EUSAGE\n' });
    await expect(ensureInstalled('run', { root, npm: failing, stream })).rejects.toThrow(
      'npm error code EUSAGE\nnpm failed. Fix the problem and retry.',
    );
    await install('run');
    expect(calls).toEqual(['ci --omit=dev']);
  });

  it('on a terminal one line shows how many packages are in place', async () => {
    const places = ['node_modules/zod', 'node_modules/vitest'];
    await write('node_modules/zod/package.json', {});
    let now = 0;
    const terminal = { ...stream, isTTY: true };
    const progress = showProgress({
      ...{ root, places, what: 'all', stream: terminal, now: () => now },
    });
    now = 3_000;
    progress.end();
    progress.report();
    expect(text.split(/[\r\n]+/)).toEqual([
      '',
      expect.stringMatching(/Installing all with npm \(1 packages, .*\): 0 done after 0 s$/),
      expect.stringMatching(/Installed all in 3 s\.$/),
      '',
    ]);
  });
});

it('the servers run with the tools that build the page of the console, in the versions of the console', async () => {
  const manifestOf = async file => JSON.parse(await readFile(join(repository, file), 'utf8'));
  const { dependencies } = await manifestOf('package.json');
  const { devDependencies } = await manifestOf('packages/console/package.json');
  const { 'fast-check': _, ...ofPage } = devDependencies;
  expect(dependencies).toEqual(ofPage);
});
