import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Project } from './projects.ts';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

const npm = (folder: string, args: readonly string[]) =>
  run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd: folder,
  });

/**
 * Packs the packages as published, and installs them as a user does, once for all projects. @returns the
 * tarballs
 */
export async function installPackages(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const pack = [join(root, 'scripts/pack.mjs'), '--pack', folder];
  const { stdout } = await run(process.execPath, pack, { cwd: root });
  await writeFile(join(folder, 'package.json'), '{"name":"theirs","private":true}');
  const tarballs = stdout.trim().split('\n');
  await npm(folder, ['install', '--omit=optional', '--omit=peer', ...tarballs]);
  return tarballs;
}

/**
 * A project with its files, in a folder below the installation; dependencies from this repository are linked
 * there.
 */
export async function makeProject(installed: string, project: Project): Promise<string> {
  const folder = join(installed, project.kind.replaceAll(/\W+/g, '-'));
  await mkdir(folder);
  for (const [name, here] of Object.entries(project.uses ?? {})) {
    const link = join(installed, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await rm(link, { recursive: true, force: true });
    await symlink(join(root, 'node_modules', here), link);
  }
  for (const [name, text] of Object.entries(project.files)) await writeFile(join(folder, name), text);
  return folder;
}

/** Runs the project on that Node; resolves to its output. @throws Error with the output if it fails. */
export async function runProject(node: string, folder: string, project: Project): Promise<string> {
  const args = project.run.map(each =>
    each.startsWith('@') ? join(root, 'node_modules', each.slice(1)) : each,
  );
  const { stdout, stderr } = await run(node, args, { cwd: folder, env: cleanEnvironment(), timeout: 60_000 });
  return stdout + stderr;
}

/** Environment variables of the surrounding test runner, which the project must not see. */
function cleanEnvironment(): Record<string, string | undefined> {
  const ours = /^(VITEST|NODE_OPTIONS|NODE_TEST|NODE_ENV|JEST|TEST$|PORT$|HOST$|CLOCK_URL$)/;
  const theirs = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(theirs), NO_COLOR: '1' };
}

const oldest = '22.23.3';

/** The oldest supported Node, kept for the next run; `undefined` if npm has none for this machine. */
export async function node22(): Promise<string | undefined> {
  const { platform, arch } = process;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) return undefined;
  const name = `node-${platform}-${arch}`;
  const folder = join(root, 'node_modules/.cache', `node-${oldest}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"name":"node-22","private":true}');
  await npm(folder, ['install', `${name}@${oldest}`]);
  return binary;
}
