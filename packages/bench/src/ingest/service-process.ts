import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real service, as `npm run service` starts it, on a free port. */
export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

export interface ServiceProcessOptions {
  environment: Record<string, string>;
  /** A folder for a CPU profile of each thread, written when the service ends. */
  profileFolder: string | undefined;
}

export async function startServiceProcess({
  environment,
  profileFolder,
}: ServiceProcessOptions): Promise<ServiceProcess> {
  const main = new URL('./main.ts', import.meta.resolve('@braze-mixpanel/service'));
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const child = spawn(process.execPath, ['--conditions=source', ...profile, fileURLToPath(main)], {
    env: { ...inherited(), ...environment, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await Promise.race([
    addressFrom(createInterface(child.stdout)),
    ended.then(([code]) => {
      throw new Error(`the service ended with ${code} before it listened`);
    }),
  ]);
  return {
    pid: child.pid!,
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What `npm run service` hands on as well; a setting of the caller's shell must not change what is measured. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env;
  return { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS };
}

async function addressFrom(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const url = /listening on (http\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the service closed its output before it listened');
}
