import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server process, started as by its npm script, on a free port. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from the start of the process until it was ready. */
  readonly startMs: number;
}

export interface ServerProcessOptions {
  /** The package whose `main.ts` to start, for example `@braze-mixpanel/service`. */
  packageName: string;
  environment?: Record<string, string>;
  /** Folder for a CPU profile of each thread, written when the server ends. */
  profileFolder?: string | undefined;
}

export function startServerProcess({
  packageName,
  environment = {},
  profileFolder,
}: ServerProcessOptions): Promise<ServerProcess> {
  const main = new URL('./main.ts', import.meta.resolve(packageName));
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  return startServer(['--conditions=source', ...profile, fileURLToPath(main)], { environment });
}

/** How to start a server. */
export interface ServerOptions {
  readonly environment: Record<string, string>;
  /** Working directory; that of the benchmark by default. */
  readonly cwd?: string;
  /** Path that answers 200 when the server is ready; without one it is ready when it listens. */
  readonly readyPath?: string | undefined;
}

/** A server started with these arguments of Node.js: flags and the entry. */
export async function startServer(
  args: readonly string[],
  { environment, cwd, readyPath }: ServerOptions,
): Promise<ServerProcess> {
  const name = args.at(-1) ?? 'node';
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    ...{ cwd, env: { ...inherited(), ...environment, HOST: '127.0.0.1', PORT: '0' } },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await Promise.race([
    addressFrom(createInterface(child.stdout), name),
    ended.then(([code]) => {
      throw new Error(`${name} ended with ${code} before it listened`);
    }),
  ]);
  if (readyPath !== undefined) {
    const { ok, status } = await fetch(url + readyPath);
    if (!ok) throw new Error(`${name} answered ${status} at ${readyPath}`);
  }
  return {
    pid: child.pid!,
    url,
    startMs: performance.now() - begun,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * The variables that npm scripts pass on as well. Any other setting of the caller's shell must not affect the
 * measurement.
 */
export function inherited(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS, MALLOC_MMAP_THRESHOLD_ } = process.env;
  return { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS, MALLOC_MMAP_THRESHOLD_ };
}

async function addressFrom(lines: AsyncIterable<string>, name: string): Promise<string> {
  for await (const line of lines) {
    const url = /listening on (http\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`${name} closed its output before it listened`);
}
