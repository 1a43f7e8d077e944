import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire between a client and a server on this machine that can be cut, or that swallows what is sent. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** `open`: bytes pass. `closed`: connections are cut and new ones end at once. `silent`: connections stay, and no byte passes. */
  become(state: 'open' | 'closed' | 'silent'): void;
  /** Asks before bytes of the client are passed on; where it answers `true` they are, and the connection is cut before an answer comes. */
  cutWhen(condition: ((sent: Buffer) => boolean) | undefined): void;
}

/** Starts a proxy in front of `target` on a free port of 127.0.0.1. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'closed' | 'silent' = 'open';
  let shouldCut: ((sent: Buffer) => boolean) | undefined;

  const server = createServer(client => {
    if (state === 'closed') {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', bytes => {
      if (state === 'silent') return;
      if (shouldCut?.(bytes)) {
        client.off('close', end);
        client.destroy();
        upstream.end(bytes);
        return;
      }
      upstream.write(bytes);
    });
    upstream.on('data', bytes => {
      if (state !== 'silent') client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    become(next) {
      state = next;
      if (next === 'closed') cut();
    },
    cutWhen(condition) {
      shouldCut = condition;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
      if (server.listening) await once(server, 'close');
    },
  };
}
