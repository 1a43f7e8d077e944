import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choosePorts } from './ports.ts';

describe('the ports of the sandbox', () => {
  let other: Server;
  let taken: number;
  beforeAll(async () => {
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    taken = (other.address() as AddressInfo).port;
  });
  afterAll(() => void other.close());
  const anyPort = { braze: 0, mixpanel: 0, service: 0, console: 0 };

  it('are those that were asked for', async () => {
    expect(await choosePorts(anyPort)).toEqual({ ports: anyPort, replaced: [] });
  });

  it('are refused if another program uses one that was asked for', async () => {
    await expect(choosePorts({ ...anyPort, service: taken })).rejects.toThrow(
      `Port ${taken} is in use by another program. Choose another with --service-port; 0 means any free one.`,
    );
  });

  it('are refused if two servers have one', async () => {
    await expect(choosePorts({ ...anyPort, braze: 4_999, console: 4_999 })).rejects.toThrow(
      'Port 4999 cannot be that of braze and of console. Give each server its own.',
    );
    await expect(choosePorts({ ...anyPort, braze: 4_000, service: undefined })).rejects.toThrow(
      'Port 4000 cannot be that of braze and of service.',
    );
  });
});
