import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const remedy = 'Start Docker (on Debian .ci/engine does, installing it if need be), then run this again.';

/** Why containers can't be used here, and what to do; `undefined` if an engine answers. */
export async function engineTrouble(): Promise<string | undefined> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 20_000 });
    return undefined;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return `there is no docker command here. ${remedy}`;
    const [words = ''] = stderr.trim().split('\n');
    return `no container engine answers (${words.slice(0, 200) || 'docker did not answer for 20 s'}). ${remedy}`;
  }
}
