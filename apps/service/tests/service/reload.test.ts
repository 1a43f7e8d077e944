import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let folder: string;
let mixpanel: FakeMixpanel;
let other: FakeMixpanel;
let service: RunningService;
let logged: { level: number; msg: string }[];

const file = () => join(folder, 'service.yaml');
const connection = (token: string, url: string, more = '') => `
    currents_token: ${token}
    mixpanel_token: project-token
    mixpanel_api_url: ${url}${more}`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reload-test-'));
  mixpanel = await FakeMixpanel.start();
  other = await FakeMixpanel.start();
  logged = [];
  await writeFile(file(), `connections:\n  brand-a:${connection('token-a', mixpanel.url)}\n`);
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  service = await RunningService.start(
    { CONFIG_FILE: file(), CURRENTS_TOKEN: '', MIXPANEL_TOKEN: '' },
    { logger },
  );
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const post = (name: string, token: string, body: unknown) =>
  service.post(body, { path: `/currents/${name}`, headers: { authorization: `Bearer ${token}` } });
const write = async (text: string) => {
  await writeFile(file(), text);
  return service.reload();
};

describe('a reloaded configuration', () => {
  it('adds connections, and new tokens of existing ones', async () => {
    expect((await post('brand-b', 'token-b', batchOf(emailSend()))).status).toBe(404);
    expect(
      await write(
        `connections:\n  brand-a:${connection('token-2', mixpanel.url)}\n  brand-b:${connection('token-b', other.url)}\n`,
      ),
    ).toBe(true);
    expect((await post('brand-a', 'token-a', batchOf(emailSend()))).status).toBe(401);
    expect((await post('brand-a', 'token-2', batchOf(emailSend()))).status).toBe(200);
    expect((await post('brand-b', 'token-b', batchOf(emailSend()))).status).toBe(200);
    expect(await service.settled('brand-b')).toMatchObject({ accepted: 1, imported: 1 });
    expect(await service.settled('brand-a')).toMatchObject({ accepted: 1, imported: 1 });
  });

  it('applies a key that was rotated in a file of its own', async () => {
    const secret = join(folder, 'token');
    const text = `connections:\n  brand-a:\n    currents_token: token-a\n    mixpanel_token_file: ${secret}\n    mixpanel_api_url: ${mixpanel.url}\n`;
    await writeFile(secret, 'old-key\n');
    expect(await write(text)).toBe(true);
    mixpanel.behaviour = request =>
      request.authorization === `Basic ${btoa('new-key:')}` ? accepts(request) : answers(401)(request);
    await post('brand-a', 'token-a', batchOf(emailSend()));
    await service.until(({ delivery }) => delivery?.state === 'parked', 'brand-a');
    await writeFile(secret, 'new-key\n');
    expect(await service.reload()).toBe(true);
    expect(await service.settled('brand-a')).toMatchObject({ imported: 1 });
  });

  it('loses no batch and drops no request: requests in flight end, waiting batches use the new configuration', async () => {
    const held: (() => void)[] = [];
    mixpanel.behaviour = async request => {
      await new Promise<void>(resolve => held.push(resolve));
      accepts(request);
    };
    await post('brand-a', 'token-a', batchOf(...emails(3)));
    await service.until(({ delivery }) => (delivery?.requestsInFlight ?? 0) > 0, 'brand-a');
    // A request of Braze whose body is still arriving when the configuration changes.
    const uploading = new TransformStream<Uint8Array, Uint8Array>();
    const writer = uploading.writable.getWriter();
    const answer = fetch(`${service.service.url}/currents/brand-a`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
      body: uploading.readable,
      duplex: 'half',
    } as RequestInit);
    await writer.write(Buffer.from('{"events":['));
    expect(await write(`connections:\n  brand-a:${connection('token-a', other.url)}\n`)).toBe(true);
    await writer.write(Buffer.from(`${JSON.stringify(emailSend())}]}`));
    await writer.close();
    expect((await answer).status).toBe(200);
    for (const release of held) release();
    expect(await service.settled('brand-a')).toMatchObject({ accepted: 4, imported: 4 });
    expect([mixpanel.unique.size, other.unique.size]).toEqual([3, 1]);
  });

  it('keeps the batches of a removed connection undelivered until the connection is back', async () => {
    mixpanel.behaviour = answers(503);
    await post('brand-a', 'token-a', batchOf(emailSend()));
    await service.until(({ delivery }) => delivery?.state === 'retrying', 'brand-a');
    expect(await write(`connections:\n  brand-b:${connection('token-b', other.url)}\n`)).toBe(true);
    expect((await post('brand-a', 'token-a', batchOf(emailSend()))).status).toBe(404);
    expect(await service.connection('brand-a')).toMatchObject({ accepted: 1, delivery: null });
    mixpanel.behaviour = accepts;
    expect(await write(`connections:\n  brand-a:${connection('token-a', mixpanel.url)}\n`)).toBe(true);
    expect(await service.settled('brand-a')).toMatchObject({ accepted: 1, imported: 1 });
  });

  it('is refused with the message of its fault, and the former one stays', async () => {
    expect(await write('connections:\n  brand-a:\n    mixpanel_region: mars\n')).toBe(false);
    expect(logged.at(-1)).toMatchObject({
      level: 50,
      msg: expect.stringMatching(
        /is invalid; the previous one stays active: connections\.brand-a\.mixpanel_region is "mars".*expected/,
      ),
    });
    expect((await post('brand-a', 'token-a', batchOf(emailSend()))).status).toBe(200);
    expect(await service.settled('brand-a')).toMatchObject({ imported: 1 });
  });

  it('reports settings that only a restart can change', async () => {
    const text = `port: 4711\nstorage_url: sqlite:/elsewhere.db\nconnections:\n  brand-a:${connection('token-a', mixpanel.url)}\n`;
    await writeFile(file(), text);
    expect(await service.reload({ PORT: undefined, STORAGE_URL: undefined })).toBe(true);
    expect(logged.map(({ msg }) => msg)).toContain(
      'Changed, but applied only after a restart: PORT, STORAGE_URL.',
    );
    expect((await post('brand-a', 'token-a', batchOf(emailSend()))).status).toBe(200);
  });

  it('does not affect an unchanged connection: its delivery does not even pause', async () => {
    mixpanel.behaviour = answers(401);
    await post('brand-a', 'token-a', batchOf(emailSend()));
    const before = await service.until(({ delivery }) => (delivery?.failuresInARow ?? 0) > 1, 'brand-a');
    expect(
      await write(
        `connections:\n  brand-a:${connection('token-a', mixpanel.url)}\n  brand-b:${connection('token-b', other.url)}\n`,
      ),
    ).toBe(true);
    const { delivery } = await service.connection('brand-a');
    expect(delivery!.failuresInARow).toBeGreaterThanOrEqual(before.delivery!.failuresInARow);
  });
});
