import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './docs.mjs';

const run = promisify(execFile);
let folder;

/** A repository with the caching rules of this one, and one workspace with one test. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
  const settings = globSync('vitest.*.ts', { cwd: root });
  for (const file of ['turbo.json', 'tsconfig.base.json', ...settings])
    await cp(join(root, file), join(folder, file));
  await cp(join(root, '.gitignore'), join(folder, '.gitignore'));
  await run('git', ['init', '--quiet', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { packageManager } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = { name: 'repository', type: 'module', packageManager, workspaces: ['packages/*'] };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await mkdir(join(folder, 'packages/one/src'), { recursive: true });
  const test = 'vitest run --root ../.. packages/one/';
  const one = { name: 'one', version: '1.0.0', type: 'module', scripts: { test } };
  await writeFile(join(folder, 'packages/one/package.json'), JSON.stringify(one));
  await writeTest('it');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const writeTest = call =>
  writeFile(
    join(folder, 'packages/one/src/one.test.ts'),
    `import { it } from 'vitest';\n${call}('one', () => undefined);\n`,
  );

/** Whether the result of the tests is from the cache. */
async function isCached(environment = {}) {
  const turbo = [join(root, 'node_modules/turbo/bin/turbo'), 'run', 'test', '--cache-dir=.turbo/cache'];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TURBO_TELEMETRY_DISABLED: '1', ...environment };
  const { stdout } = await run(process.execPath, turbo, { cwd: folder, env });
  return /Cached: +(\d) cached, 1 total/.exec(stdout)[1] === '1';
}

describe('the cached result of a test run', { timeout: 60_000 }, () => {
  it('is reused by a run without a change', async () => {
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(true);
  });

  it.each(['TEST_ENGINES', 'REQUIRE_POSTGRES', 'REQUIRE_CONTAINERS', 'CI', 'TEST_POSTGRES_URL'])(
    'is not reused where %s differs',
    async name => {
      expect(await isCached({ [name]: '1' })).toBe(false);
      expect(await isCached({ [name]: '1' })).toBe(true);
    },
  );

  it('is never reused when a test was skipped, and is reused again once none is', async () => {
    await writeTest('it.skip');
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(false);
    await writeTest('it');
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(true);
  });
});

describe('the record of a test run that failed', { timeout: 60_000 }, () => {
  const record = () => readFile(join(folder, 'packages/one/.turbo/failed.txt'), 'utf8');

  it('names each test and its error, and is gone after a run that passed', async () => {
    await writeTest('it.fails');
    await expect(isCached()).rejects.toThrow();
    expect(await record()).toMatch(/^packages\/one\/src\/one\.test\.ts: one\nError: /);
    await writeTest('it');
    await isCached({ CI: 'again' });
    await expect(record()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
