import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { root } from './docs.mjs';

describe('a server started by its npm command', () => {
  it.each(['mock:braze', 'mock:mixpanel'])('%s ends cleanly, with npm itself, on SIGTERM', async script => {
    const npm = spawn('npm', ['run', '--silent', script, '--', '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = await once(createInterface(npm.stdout), 'line');
      const url = line.replace('listening on ', '');
      expect((await fetch(`${url}/_sim/health`)).status).toBe(200);

      npm.kill('SIGTERM');
      expect(await once(npm, 'exit')).toEqual([0, null]);
      await expect(fetch(`${url}/_sim/health`)).rejects.toThrow();
    } finally {
      npm.kill('SIGKILL');
    }
  });

  it.each(['images', 'packages', 'contracts', 'docs', 'build', 'release'])(
    '%s --help prints help, and does nothing',
    async target => {
      const run = spawn(process.execPath, ['scripts/run.mjs', target, '--help'], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr] = await Promise.all(
        [run.stdout, run.stderr].map(async stream => (await stream.toArray()).join('')),
      );
      expect(stdout).toMatch(new RegExp(`^npm run ${target}\\b.*: `, 's'));
      expect(stdout.split('\n').length).toBeLessThan(4);
      expect(stderr).toBe('');
    },
  );

  it('lists its targets when it is called with an unknown one', async () => {
    const run = spawn(process.execPath, ['scripts/run.mjs', 'servcie'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [line] = await once(createInterface(run.stderr), 'line');
    expect(line).toMatch(/^"servcie" is not something this project can run\. Known: service, /);
    expect(await once(run, 'exit')).toEqual([1, null]);
  });
});
