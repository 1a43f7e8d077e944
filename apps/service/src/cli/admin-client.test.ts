import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { auditEndpoints } from '../http/audit-routes.ts';
import { adminClient } from './admin-client.ts';
import { table, visibleJson } from './terminal.ts';

const token = 'secret-token';

async function asking(answer: RequestListener): Promise<{ error: unknown; asked: number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await adminClient({ url: `http://127.0.0.1:${port}`, token }).call(auditEndpoints.list);
    return { error: undefined, asked };
  } catch (error) {
    return { error, asked };
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

it('a refusal of the service is told in its own sentence', async () => {
  const { error } = await asking((_request, response) => {
    response
      .writeHead(403)
      .end('{"error":{"code":"admin_reads_only","message":"This address needs another token."}}');
  });
  expect(error).toMatchObject({
    name: 'AdminError',
    message: 'This address needs another token.',
    code: 'admin_reads_only',
  });
});

it('a refused request is explained without the JSON that the API expects', async () => {
  const { expected } = auditEndpoints.list;
  const message = `The request is not valid. limit is odd. ${expected}`;
  const { error } = await asking((_request, response) =>
    response.writeHead(400).end(JSON.stringify({ error: { code: 'request_invalid', message } })),
  );
  expect(error).toMatchObject({
    message: 'The request is not valid. limit is odd. Run the command with --help for what it accepts.',
  });
});

it.each([
  ['admin_token_missing', 'No token was sent. Set ADMIN_TOKEN'],
  ['admin_token_refused', 'The service refused ADMIN_TOKEN. Set it'],
  ['admin_closed', 'The API of the service is disabled. Set ADMIN_TOKEN for the service'],
])('%s is explained by the setting that has the token', async (code, sentence) => {
  const { error } = await asking((_request, response) =>
    response.writeHead(401).end(JSON.stringify({ error: { code, message: 'Send Authorization.' } })),
  );
  expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) });
});

it('another server is told from the service, and nothing of its answer is repeated', async () => {
  for (const [status, body] of [
    [200, '<html>'],
    [500, '{"error":"secret-token"}'],
    [200, ''],
    [200, '{"entries":[{"id":"secret-token"}]}'],
  ] as const) {
    const { error } = await asking((_request, response) => response.writeHead(status).end(body));
    expect(error).toMatchObject({ message: expect.stringContaining('is not this service') });
    expect(String(error)).not.toContain(token);
  }
});

it('a redirect is not followed: the token goes to nobody else', async () => {
  const { error, asked } = await asking((_request, response) => {
    response.writeHead(302, { location: 'https://proxy.example/elsewhere?token=x' }).end();
  });
  expect({ message: String(error), asked }).toEqual({
    message: expect.stringMatching(/ redirects to https:\/\/proxy\.example, where nothing was sent\. /),
    asked: 1,
  });
});

it('texts of events do not control the terminal', () => {
  const nasty = 'a\u001b[2Jb\u009bc\u202ed\ne';
  expect(table(['x'], [[nasty]])).toBe('x\na·[2Jb·c·d·e');
  expect(visibleJson({ nasty })).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});
