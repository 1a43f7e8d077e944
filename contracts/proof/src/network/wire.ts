import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy to a port on this machine that a test can cut or silence. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** Drops all bytes in both directions without closing connections; new connections are silent as well. */
  swallow(): void;
  /** Forwards bytes again. Connections that lost bytes are unusable, and are cut. */
  heal(): void;
  /** Closes all connections at once. */
  cut(): void;
  /** Sends new connections to this port, like an address that moves. Existing ones stay. */
  leadTo(target: number): void;
}

export async function layWire(target: number): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  let leadsTo = target;
  const server = createServer(near => {
    const far = connect(leadsTo, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near]] as const) {
      from.on('data', chunk => void (silent || to.write(chunk)));
      from.on('close', () => silent || end());
      from.on('error', () => silent || end());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    leadTo(next) {
      leadsTo = next;
    },
    swallow() {
      silent = true;
    },
    heal() {
      silent = false;
      cut();
    },
    async [Symbol.asyncDispose]() {
      silent = false;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
