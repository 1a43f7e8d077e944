/**
 * `npm test`: types, lint, unused code and every test, also on servers of buckets that others wrote; then the
 * tests that start a whole service, storage or browser, the container suites, and last the ratios of the benchmarks, each
 * alone. turbo keeps the result of each task until one of its inputs changes; vitest.skipped.ts explains why a run
 * that skipped a test is never kept. Of the many tasks at the start two run at a time, each on half of the cores;
 * a task that runs alone has all of them.
 *
 * `npm test -- <workspace>` (`packages/core` or `core`): the tests beside its code. `npm test --
 * <workspace>/tests` runs those of a whole service or storage. Every other argument is passed to vitest
 * unchanged.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { findEngines } from './engines.mjs';

const workspaces = globSync('{packages,apps,contracts}/*/package.json').map(file =>
  file.slice(0, -'/package.json'.length),
);

const args = process.argv.slice(2);
process.exitCode = args.length > 0 ? await some(args) : await everything();

async function everything() {
  const engines = await findEngines();
  const run = (tasks, atOnce, environment = {}) =>
    turbo(tasks, atOnce, {
      ...environment,
      TEST_ENGINES: engines,
      VITEST_MAX_WORKERS: String(Math.ceil(availableParallelism() / atOnce)),
    });
  const checks = ['//#typecheck', '//#lint', '//#unused', '//#test:scripts'];
  const records = ['.', ...workspaces].map(folder => `${folder}/.turbo/failed.txt`);
  for (const record of records) rmSync(record, { force: true });
  // Made once, before processes that run at the same time need it.
  const bundle = await node(['scripts/service-bundle.mjs']);
  const parts = await run([...checks, 'test', 'test:buckets'], 2);
  const wholes = await run(['test:system'], 1, filesInMemory());
  const code =
    bundle || parts || wholes || (await run(['test:containers'], 2)) || (await run(['test:bench'], 1));
  const failures = records.filter(existsSync).map(record => readFileSync(record, 'utf8'));
  if (failures.length > 0) console.error(`What failed:\n\n${failures.join('\n')}`);
  return code;
}

/**
 * Temporary files in memory, where Linux has room for them: a third of the time of a storage test is waits for the
 * disk. No test cuts the power of the machine: what a killed process wrote is in the file either way, and power cuts
 * are simulated on the bytes of the log.
 */
function filesInMemory() {
  const [folder, neededBytes] = ['/dev/shm', 4 * 1024 ** 3];
  if (process.env.TMPDIR !== undefined || !existsSync(folder)) return {};
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < neededBytes ? {} : { TMPDIR: folder };
}

function turbo(tasks, atOnce, environment) {
  const options = [`--concurrency=${atOnce}`, '--output-logs=new-only', '--continue=dependencies-successful'];
  return node(['node_modules/turbo/bin/turbo', 'run', ...options, ...tasks], environment);
}

async function some(filters) {
  const code = await node(['node_modules/vitest/vitest.mjs', 'run', ...filters.map(pathOf)]);
  for (const workspace of filters.map(workspaceOf))
    if (workspace && existsSync(`${workspace}/tests`))
      console.log(`Not run: the tests in ${workspace}/tests. They run with: npm test -- ${workspace}/tests`);
  return code;
}

/** The workspace that an argument names, if it is one. */
function workspaceOf(argument) {
  const name = argument.replace(/\/$/, '');
  return workspaces.find(workspace => workspace === name || basename(workspace) === name);
}

/** A path that matches only the tests of the workspace: `core` is also part of `score`. */
function pathOf(argument) {
  const workspace = workspaceOf(argument);
  if (workspace === undefined) return argument;
  return existsSync(`${workspace}/tests`) ? `${workspace}/src/` : `${workspace}/`;
}

/** Runs a command on this Node, in this process group; resolves to its exit code. */
async function node(args, environment = {}) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  const passOn = signal => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  process.on('SIGINT', () => undefined);
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
