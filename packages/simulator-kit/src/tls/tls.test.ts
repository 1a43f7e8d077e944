import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listen, respond } from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';
import { localAuthority } from './authority.ts';
import { generate } from './generate.ts';

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
  it('is trusted under each of its names by clients that trust the local authority, and by no others', async () => {
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

  it('is trusted by a Node program started with the printed export line', async () => {
    await using server = await listen(simulatorOf(), { tls: { folder } });
    const program = `fetch('${server.url}/_sim/health').then(answer => console.log(answer.status))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: server.authority?.certFile },
    });
    expect(stdout).toBe('200\n');
  });

  it('loses an answer as without TLS', async () => {
    const simulator = simulatorOf({ routes: [echo] });
    await using server = await listen(simulator, { tls: { folder } });
    simulator.faults.add({ route: 'echo', kind: 'lost-answer', times: 1 });
    await expect(post(server.url, server.authority?.cert ?? '')).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await post(server.url, server.authority?.cert ?? '')).status).toBe(200);
  });
});

describe('the local authority', () => {
  it('is created once, even by simulators that start together, and only its owner can read the key', async () => {
    const shared = join(folder, 'shared');
    const all = await Promise.all(Array.from({ length: 5 }, () => localAuthority(shared)));
    expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
    expect((await localAuthority(shared)).cert).toBe(all[0]?.cert);
    expect(await readFile(join(shared, 'ca.pem'), 'utf8')).toBe(all[0]?.cert);
    expect((await stat(join(shared, 'authority.pem'))).mode & 0o777).toBe(0o600);
  });

  it('is constrained to simulators: clients that trust it reject its certificate for a public site', async () => {
    const own = join(folder, 'constrained');
    const authority = await localAuthority(own, ['vendor.internal', '192.0.2.7', '2001:db8::7']);
    const certify = async (names: { type: 'dns' | 'ip'; value: string }[]) => {
      const day = 86_400_000;
      const made = await generate({
        ...{ commonName: 'x', issuer: authority },
        ...{ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) },
        extensions: library => [new library.SubjectAlternativeNameExtension(names)],
      });
      const server = createServer({ key: made.key, cert: made.cert }, (_request, response) =>
        response.end('{}'),
      );
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const asked = post(`https://127.0.0.1:${port}`, authority.cert, names[0]!.value).finally(() =>
        server.close(),
      );
      return asked.then(({ status }) => status);
    };
    for (const value of ['localhost', 'api.localhost', 'mock-braze', 'vendor.internal', 'a.vendor.internal'])
      expect([value, await certify([{ type: 'dns', value }])]).toEqual([value, 200]);
    for (const value of ['api.mixpanel.com', 'evil-vendor.internal', 'internal'])
      await expect(certify([{ type: 'dns', value }])).rejects.toThrow(/permitted subtree/i);
    for (const value of ['127.0.0.9', '::1', '192.0.2.7', '2001:db8::7'])
      expect(
        await certify([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value },
        ]),
      ).toBe(200);
    for (const value of ['203.0.113.7', '2001:db8::8'])
      await expect(
        certify([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value },
        ]),
      ).rejects.toThrow(/permitted subtree/i);
  });

  it('is reused for its names, and replaced by one with all names when a new name is needed', async () => {
    const own = join(folder, 'renamed');
    const first = await localAuthority(own, ['a.internal']);
    expect(
      (await localAuthority(own, ['b.a.internal', '*.a.internal', '127.0.0.1', 'MOCK-BRAZE'])).cert,
    ).toBe(first.cert);
    const second = await localAuthority(own, ['b.internal']);
    expect(second.cert).not.toBe(first.cert);
    expect((await localAuthority(own, ['a.internal', 'b.internal'])).cert).toBe(second.cert);
  });

  it('gets its permissions restricted, or is rejected if that is impossible', async () => {
    const own = join(folder, 'open');
    const { cert } = await localAuthority(own);
    const key = join(own, 'authority.pem');
    await chmod(own, 0o777);
    await chmod(key, 0o644);
    expect((await localAuthority(own)).cert).toBe(cert);
    expect((await stat(own)).mode & 0o777).toBe(0o755);
    expect((await stat(key)).mode & 0o777).toBe(0o600);

    await chmod(key, 0o644);
    vi.spyOn(process, 'getuid').mockReturnValue(12_345);
    await expect(localAuthority(own)).rejects.toThrow(/belongs to another user, or is open to others/);
  });

  it('is replaced if it is damaged', async () => {
    const damaged = join(folder, 'damaged');
    const first = await localAuthority(damaged);
    await writeFile(join(damaged, 'authority.pem'), 'half a fi');
    const second = await localAuthority(damaged);
    expect(second.cert).not.toBe(first.cert);
    expect(await readFile(second.certFile, 'utf8')).toBe(second.cert);
  });

  it('reports an unusable folder in one sentence', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(localAuthority(file)).rejects.toThrow(/^The local certificate authority can't be kept in /);
  });
});
