import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { keptEvents } from './traffic.ts';

const main = fileURLToPath(import.meta.resolve('../main.ts'));
const anyPorts = ['braze', 'mixpanel', 'service', 'console'].flatMap(name => [`--${name}-port`, '0']);

it.each(['SIGINT', 'SIGTERM'] as const)(
  'says at its end that it stopped, after %s',
  async signal => {
    const sandbox = spawn(process.execPath, ['--conditions=source', main, ...anyPorts], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void sandbox.kill('SIGKILL'));
    const ended = once(sandbox, 'exit');
    let output = '';
    let about: Promise<unknown> | undefined;
    for await (const chunk of sandbox.stdout.setEncoding('utf8')) {
      output += chunk;
      const console = /Open this in a browser: (\S+)\n/.exec(output)?.[1];
      if (console === undefined || about !== undefined) continue;
      about = fetch(new URL('about.json', console)).then(answer => answer.json());
      about.finally(() => sandbox.kill(signal));
    }
    expect(await about).toMatchObject({ keptEvents });
    expect(output).toMatch(/\nStopping …\nStopped\. No data was kept\.\n$/);
    expect(await ended).toEqual([0, null]);
  },
  60_000,
);
