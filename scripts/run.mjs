/**
 * `node scripts/run.mjs <target> [arguments]`: the command behind every npm script of this repository.
 *
 * It works on a fresh clone with only Node 20 and npm: it installs missing dependencies (once, even when
 * several commands start together; for a server only what it runs with), then runs the target on the pinned
 * Node 24. The sources run directly,
 * since Node strips the types; `npm run build` is for type checks and for publishing. A server replaces this
 * process (and this process npm's shell: `exec` in package.json), so signals reach it and the process group
 * is the caller's.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ensureInstalled, pinnedNode } from './install.mjs';

/** Targets that need no tools of development. */
const servers = {
  service: 'apps/service/src/main.ts',
  'mock-braze': 'packages/mock-braze/src/main.ts',
  'mock-mixpanel': 'packages/mock-mixpanel/src/main.ts',
  sandbox: 'apps/sandbox/src/main.ts',
};
const tools = {
  bench: 'apps/bench/src/main.ts',
  proof: 'contracts/proof/src/main.ts',
  docs: 'scripts/docs.mjs',
  drift: 'scripts/drift.mjs',
  contracts: 'contracts/pact/src/main.ts',
  images: 'scripts/images.mjs',
  release: 'scripts/release.mjs',
  packages: 'scripts/pack.mjs',
  test: 'scripts/test.mjs',
  'test:containers': 'contracts/containers/src/main.ts',
  'test:buckets': 'scripts/test-buckets.mjs',
  screenshots: 'contracts/end-to-end/src/console/screenshots.ts',
};
/** Help of the targets that parse no arguments for it. */
const helps = {
  docs: 'npm run docs: writes the generated parts of README.md and docs/ from the code.',
  contracts: 'npm run contracts: writes contracts/pacts from the current requests of each sender.',
  images: `npm run images [-- --tag <tag>] [--label <key=value>]: builds braze-mixpanel/service, …/mock-braze and
…/mock-mixpanel with Docker. BASE_IMAGE selects another base image.`,
  packages: `npm run packages [-- --pack <folder>]: creates the published form of each package in its dist/publish and
shows its cost. With --pack it writes tarballs to the folder and prints their paths.`,
  'test:buckets':
    'npm run test:buckets: tests what uses buckets against an S3-compatible server and Azurite, which it installs once.',
  screenshots:
    'npm run screenshots -- <folder>: images of each view of the console, in both colour schemes and sizes. With --docs: those of the documentation.',
  release: 'npm run release -- <verb> [version]: the steps of a release, see CONTRIBUTING.md.',
  build: 'npm run build: type-checks all packages and compiles those that are published.',
};
const source = file => ['--conditions=source', '--disable-warning=ExperimentalWarning', file];

const [target = '', ...rest] = process.argv.slice(2);

const targets = { ...servers, ...tools };
const scopeOf = name => (name === 'dev' || Object.hasOwn(servers, name) ? 'run' : 'all');

function argumentsOf(name) {
  // Three servers in one process: a heap that is collected early takes half of the memory, for a fifth more CPU.
  if (name === 'sandbox') return ['--optimize-for-size', ...source(servers.sandbox), ...rest];
  if (Object.hasOwn(targets, name)) return [...source(targets[name]), ...rest];
  if (name === 'dev') return ['--watch', '--watch-preserve-output', ...source(servers.sandbox), ...rest];
  if (name === 'build') return ['node_modules/turbo/bin/turbo', 'run', 'build', '//#typecheck', ...rest];
  throw new Error(
    `"${name}" is not something this project can run. Known: ${[...Object.keys(targets), 'dev', 'build'].join(', ')}.`,
  );
}

try {
  const args = argumentsOf(target);
  if (Object.hasOwn(helps, target) && rest.some(each => each === '--help' || each === '-h')) {
    console.log(helps[target]);
  } else {
    await ensureInstalled(scopeOf(target));
    replaceProcess(pinnedNode(), args);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/**
 * Replaces this process by the command where the platform can (Node 22.15 and later, not on Windows),
 * otherwise starts it and forwards signals.
 */
function replaceProcess(node, args) {
  const env = {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? resolve('node_modules/.cache/node'),
    // glibc raises this threshold as it frees large buffers, and then keeps their memory: 20 to 40 MB in a
    // back-fill. A fixed one returns it. The image of the service sets it as well.
    MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_ ?? '131072',
  };
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}
