import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, respond } from '../index.ts';
import { simulatorOf } from '../testing/nothing.ts';
import { localAuthority } from './authority.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-tls-'));
});
afterAll(() => rm(folder, { recursive: true }));

const echo = {
  id: 'echo',
  method: 'POST',
  path: '/echo',
  rules: [],
  handle: ({ body }: { body: Uint8Array }) => respond(200, { bytes: body.length }),
} as const;

/** One request that trusts `ca` and expects the certificate to be valid for `servername`. */
function post(url: string, ca: string, servername = 'localhost') {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request(`${url}/echo`, { method: 'POST', ca, servername, agent: false }, answer =>
      text(answer).then(body => resolve({ status: answer.statusCode, body }), reject),
    )
      .on('error', reject)
      .end('body');
  });
}

describe('a simulator with TLS', () => {
  it('is trusted by who trusts the local authority, under every name it has, and by nobody else', async () => {
    await using server = await listen(simulatorOf({ name: 'mock-vendor', routes: [echo] }), {
      tls: { folder, names: ['vendor.internal'] },
    });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const ca = server.authority?.cert ?? '';
    for (const name of ['localhost', 'mock-vendor', 'vendor.internal', hostname()]) {
      expect(await post(server.url, ca, name)).toEqual({ status: 200, body: '{"bytes":4}' });
    }
    await expect(post(server.url, ca, 'api.vendor.example')).rejects.toThrow(/altnames/i);
    await expect(fetch(`${server.url}/_sim/health`)).rejects.toThrow();
  });

  it('is trusted by any Node program that is started with the line it prints', async () => {
    await using server = await listen(simulatorOf(), { tls: { folder } });
    const program = `fetch('${server.url}/_sim/health').then(answer => console.log(answer.status))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: server.authority?.certFile },
    });
    expect(stdout).toBe('200\n');
  });

  it('loses an answer as it does without', async () => {
    const simulator = simulatorOf({ routes: [echo] });
    await using server = await listen(simulator, { tls: { folder } });
    simulator.faults.add({ route: 'echo', kind: 'lost-answer', times: 1 });
    await expect(post(server.url, server.authority?.cert ?? '')).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await post(server.url, server.authority?.cert ?? '')).status).toBe(200);
  });
});

describe('the local authority', () => {
  it('is made once, also by several that start together, and its key is for its owner alone', async () => {
    const shared = join(folder, 'shared');
    const all = await Promise.all(Array.from({ length: 5 }, () => localAuthority(shared)));
    expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
    expect((await localAuthority(shared)).cert).toBe(all[0]?.cert);
    expect(await readFile(join(shared, 'ca.pem'), 'utf8')).toBe(all[0]?.cert);
    expect((await stat(join(shared, 'authority.pem'))).mode & 0o777).toBe(0o600);
  });

  it('is made anew where the kept one is damaged', async () => {
    const damaged = join(folder, 'damaged');
    const first = await localAuthority(damaged);
    await writeFile(join(damaged, 'authority.pem'), 'half a fi');
    const second = await localAuthority(damaged);
    expect(second.cert).not.toBe(first.cert);
    expect(await readFile(second.certFile, 'utf8')).toBe(second.cert);
  });

  it('says in one sentence that its folder is of no use', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(localAuthority(file)).rejects.toThrow(/^The local certificate authority can't be kept in /);
  });
});
