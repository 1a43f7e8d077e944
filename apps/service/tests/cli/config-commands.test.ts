import { mkdtemp, mkdtempDisposable, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

async function run(environment: Record<string, string>, ...args: string[]) {
  const { stdout, sentences: stderr, child } = await ServiceProcess.run(environment, ...args);
  return { text: stdout.join('\n'), stderr, code: child.exitCode };
}

it('A command with an invalid configuration reports what it did not do', { timeout: 60_000 }, async () => {
  const [checked, printed, examined, served] = await Promise.all([
    run({ PORT: 'x' }, 'config', 'check'),
    run({ PORT: 'x' }, 'config', 'print'),
    run({ PORT: 'x' }, 'doctor'),
    run({ PORT: 'x', HOST: 'nope.invalid' }),
  ]);
  expect(checked.stderr).toMatch(/^Invalid configuration \(2 errors\):\n/);
  expect(printed.stderr).toMatch(/^Invalid configuration \(2 errors\)\. Nothing was printed:\n/);
  expect(examined.stderr).toMatch(/^Invalid configuration \(2 errors\)\. Nothing was checked:\n/);
  expect(served.stderr).toMatch(/^Invalid configuration \(3 errors\)\. The service did not start:\n/);
  expect(served.stderr).toMatch(/ - HOST is "nope\.invalid", which is neither an IP address nor a host name/);
  expect(served.stderr).not.toContain('anyone on that network');
});

it('`migrate` needs STORAGE_URL only, and names its fault', { timeout: 60_000 }, async () => {
  const [planned, wrong] = await Promise.all([
    run({ STORAGE_URL: 'sqlite:./unused.db' }, 'migrate', 'plan'),
    run({ STORAGE_URL: 'mysql://x' }, 'migrate', 'plan'),
  ]);
  expect(planned).toMatchObject({ code: 0, text: expect.stringContaining('Nothing to do.') });
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^STORAGE_URL cannot be used: expected/),
  });
});

it('`config check` does not create the database', { timeout: 60_000 }, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'no-database-'));
  const storage = `sqlite:${join(folder.path, 'data', 'service.db')}`;
  const { code } = await run(
    { MIXPANEL_TOKEN: 'm', CURRENTS_TOKEN: 't', STORAGE_URL: storage },
    'config',
    'check',
  );
  expect(code).toBe(0);
  expect(await readdir(folder.path)).toEqual([]);
});

it('`config check` names a folder of COLLECT that is not there', { timeout: 60_000 }, async () => {
  const missing = join(tmpdir(), 'no-such-folder-of-exports');
  const { code, stderr } = await run(
    { MIXPANEL_TOKEN: 'm', CURRENTS_TOKEN: 't', COLLECT: missing },
    'config',
    'check',
  );
  expect(stderr).toContain(`COLLECT: There is no ${missing}.`);
  expect(code).toBe(0);
});

it('Storage that is no file of the service is refused in a sentence, by `config check` in the same one', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'below-a-file-'));
  try {
    await writeFile(join(folder, 'file'), 'of another program');
    const needed = { PORT: '0', MIXPANEL_TOKEN: 'm', CURRENTS_TOKEN: 't' };
    for (const [path, problem] of [
      [join(folder, 'file', 'service.db'), /cannot be used: a part of the path is a file, not a folder \(E/],
      [folder, / is a folder, not a file\. Name a file in STORAGE_URL\./],
      [join(folder, 'file'), / is no SQLite database\. Name another file in STORAGE_URL/],
    ] as const) {
      const environment = { ...needed, STORAGE_URL: `sqlite:${path}` };
      const [checked, { code, stderr }] = await Promise.all([
        run(environment, 'config', 'check'),
        run(environment),
      ]);
      expect(await readdir(folder)).toEqual(['file']);
      expect(checked.code).toBe(1);
      expect(checked.stderr).toContain(stderr.trim().split('\n').at(-1));
      expect(code).toBe(1);
      expect(stderr).toMatch(problem);
      expect(stderr).not.toMatch(/answered|mkdir|illegal/);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
