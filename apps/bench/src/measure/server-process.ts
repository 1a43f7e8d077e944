import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server as its npm script starts it, on a free port. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** From the start of the process to its line `listening on …`. */
  readonly startMs: number;
}

export interface ServerProcessOptions {
  /** The package whose `main.ts` is started, for example `@braze-mixpanel/service`. */
  packageName: string;
  environment?: Record<string, string>;
  /** A folder for a CPU profile of each thread, written when the server ends. */
  profileFolder?: string | undefined;
}

export async function startServerProcess({
  packageName,
  environment = {},
  profileFolder,
}: ServerProcessOptions): Promise<ServerProcess> {
  const main = new URL('./main.ts', import.meta.resolve(packageName));
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const begun = performance.now();
  const child = spawn(process.execPath, ['--conditions=source', ...profile, fileURLToPath(main)], {
    env: { ...inherited(), ...environment, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await Promise.race([
    addressFrom(createInterface(child.stdout), packageName),
    ended.then(([code]) => {
      throw new Error(`${packageName} ended with ${code} before it listened`);
    }),
  ]);
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

/** What npm scripts hand on as well; a setting of the caller's shell must not change what is measured. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env;
  return { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS };
}

async function addressFrom(lines: AsyncIterable<string>, packageName: string): Promise<string> {
  for await (const line of lines) {
    const url = /listening on (http\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`${packageName} closed its output before it listened`);
}
