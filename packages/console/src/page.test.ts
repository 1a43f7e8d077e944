import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example } from './readme-example.ts';

/** Most bytes of all that a first load transfers, compressed as the usual browser accepts it without TLS. */
const firstLoad = 150_000;

describe('the page of the console', { timeout: 60_000 }, () => {
  const app = example();
  const server = app.listen(0, '127.0.0.1');
  let origin = '';

  beforeAll(async () => {
    if (!server.listening) await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const assetsOf = (document: string) =>
    [...document.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
      ([, path]) => `${origin}/console/${path}`,
    );

  it('is served without a build by hand, under a policy that allows only its own server', async () => {
    const answer = await fetch(`${origin}/console/`);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|\*/);
    const document = await answer.text();
    expect(document).not.toMatch(/<script>|<style| on\w+=/);
    expect(assetsOf(document).length).toBeGreaterThan(1);
  });

  it.each(['gzip', 'br'])(
    `transfers less than ${firstLoad / 1_000} kB at its first load with %s`,
    async encoding => {
      const document = await (await fetch(`${origin}/console/`)).text();
      const sizes = await Promise.all(
        assetsOf(document).map(async address => (await transferred(address, encoding)).length),
      );
      expect(sizes.reduce((sum, size) => sum + size, document.length)).toBeLessThan(firstLoad);
    },
  );

  it('lets a browser keep its hashed files for good, and ask for the document each time', async () => {
    const answer = await fetch(`${origin}/console/`);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    for (const address of assetsOf(await answer.text()))
      expect((await fetch(address)).headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    ['/console/', './'],
    ['/console/service', './'],
    ['/console/service/dead-letters', '../'],
    ['/console/service/dead-letters/12', '../../'],
  ])(
    'answers the address of the view %s with the document, whose addresses begin at %s',
    async (path, base) => {
      const answer = await fetch(origin + path);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(await answer.text()).toContain(`<base href="${base}" />`);
    },
  );

  it('leads from its address without a slash to the one with a slash', async () => {
    const answer = await fetch(`${origin}/console?a=b`, { redirect: 'manual' });
    expect(new URL(answer.headers.get('location') ?? '', `${origin}/console`).pathname).toBe('/console/');
  });

  it('answers 404 for a file that does not exist, so that an old page does not take a document for a script', async () => {
    expect((await fetch(`${origin}/console/assets/old-123.js`)).status).toBe(404);
  });

  it('names the servers and the meanings of reasons', async () => {
    const about = JSON.parse(await (await fetch(`${origin}/console/about.json`)).text());
    expect(about).toMatchObject({ servers: [{ name: 'service', kind: 'service' }], asksForToken: true });
    expect(about.reasons.unknown_event_type.meaning).toEqual(expect.any(String));
  });
});

/** The bytes of a body as they are transferred. */
function transferred(address: string, encoding: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { headers: { 'accept-encoding': encoding } }, async answer => {
      expect(answer.headers['content-encoding']).toBe(encoding);
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve(Buffer.concat(chunks));
    });
    asked.once('error', reject).end();
  });
}
