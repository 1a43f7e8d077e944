import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { root } from './docs.mjs';

/** Makes Node report another version of itself, as the first of its modules. */
const olderNode = `data:text/javascript,
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;

it.each(['mock-braze', 'mock-mixpanel'])(
  '%s names the version it needs, on a Node that is too old',
  async name => {
    const main = `packages/${name}/src/main.ts`;
    const run = spawn(process.execPath, ['--conditions=source', '--import', olderNode, main], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stderr = (await run.stderr.toArray()).join('');
    expect(stderr).toBe(`${name} requires Node 22 or newer; this is Node 20.20.2.\n`);
    expect(await once(run, 'exit')).toEqual([1, null]);
  },
);

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
