import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createClock, createSimulator, listen, respond } from './index.ts';

const program = `
  import { createClock, createSimulator, listen, respond, runSimulatorCommand } from ${JSON.stringify(
    new URL('./index.ts', import.meta.url).href,
  )};
  const none = () => respond(404);
  let kept = null;
  await runSimulatorCommand({ name: 'mock', description: 'A mock.', defaultPort: 0, argv: ['node', 'mock', ...process.argv.slice(1)], options: [{ name: 'notes-dir', value: 'folder', description: 'folder of notes', variable: 'NOTES_DIR' }], start: options => (kept = options.texts) && listen(createSimulator({
    name: 'mock', clock: createClock(), routes: [], state: { get: () => kept, put(state) { kept = state; }, reset() {} },
    vendor: { notFound: none, wrongMethod: none, bodyOf: none },
  }), options) });
`;

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--input-type=module', '--eval', program, '--', ...args],
    { env: { ...process.env, PORT: '', HOST: '', CLOCK_URL: '', NODE_OPTIONS: '', ...env } },
  );
  return { child, stderr: text(child.stderr) };
}

async function firstLine(child: ReturnType<typeof run>['child']): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes('\n')) break;
  }
  return output;
}

it('prints its address in one line, and exits cleanly on SIGTERM', async () => {
  const { child } = run([], { PORT: '0' });
  const line = await firstLine(child);
  expect(line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  expect((await fetch(`${line.trim().slice('listening on '.length)}/_sim/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('reports a port in use in one sentence', async () => {
  const none = () => respond(404);
  await using taken = await listen(
    createSimulator({
      name: 'first',
      clock: createClock(),
      routes: [],
      state: { get: none, put: () => {}, reset: () => {} },
      vendor: { notFound: none, wrongMethod: none, bodyOf: none },
    }),
  );
  const { child, stderr } = run(['--port', String(taken.port)]);
  const [code] = await once(child, 'exit');
  expect([code, await stderr]).toEqual([
    1,
    expect.stringMatching(/^Port \d+ at 127\.0\.0\.1 is in use.*\n$/),
  ]);
});

it('explains what a port is when given something else', async () => {
  const { child, stderr } = run(['--port', 'eighty']);
  const [code] = await once(child, 'exit');
  expect([code, await stderr]).toEqual([
    1,
    expect.stringContaining('A port is a whole number from 0 to 65535'),
  ]);
});

it('starts with the state from a file, over HTTPS trusted by the printed export line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-command-'));
  const state = join(folder, 'state.json');
  await writeFile(state, '{"users":["ada"]}');
  const { child } = run(['--port', '0', '--state', state, '--tls', '--tls-folder', folder]);
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (/listening on .*\n/.test(output)) break;
  }
  const [, file = '{}', url = ''] =
    /^To trust it: export NODE_EXTRA_CA_CERTS=(".*")\nlistening on (https:.*)\n$/.exec(output) ?? [];
  const ca = await readFile(JSON.parse(file) as string);
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${url}/_sim/state`, { ca, agent: false }, resolve).on('error', reject),
  );
  expect(await text(answer)).toBe('{"users":["ada"]}');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await rm(folder, { recursive: true });
});

it('reports an unreadable state file in one sentence', async () => {
  const { child, stderr } = run(['--port', '0', '--state', '/nowhere/state.json']);
  const [code] = await once(child, 'exit');
  expect([code, await stderr]).toEqual([
    1,
    expect.stringMatching(/^Could not read the state from \/nowhere\/state\.json: .*\n$/),
  ]);
});

it.each([
  ['its flag', ['--notes-dir', '/notes'], { NOTES_DIR: '/other' }],
  ['its environment variable', [], { NOTES_DIR: '/notes' }],
])("takes the value of a simulator's own option from %s", async (_from, args, env) => {
  const { child } = run(['--port', '0', ...args], env);
  const url = (await firstLine(child)).trim().slice('listening on '.length);
  expect(await (await fetch(`${url}/_sim/state`)).json()).toEqual({ 'notes-dir': '/notes' });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
