import { once } from 'node:events';
import { createServer } from 'node:net';

/** The usual port of each server. */
export const usualPorts = { braze: 4010, mixpanel: 4020, service: 4000, console: 4030 };

export type ServerName = keyof typeof usualPorts;

/** Ports that were asked for. */
export type AskedPorts = Readonly<Partial<Record<ServerName, number | undefined>>>;

/** The ports to listen on, and usual ones that another program uses. */
export interface Choice {
  readonly ports: Readonly<Record<ServerName, number>>;
  /** Usual ports that are taken: any free one replaces them. */
  readonly replaced: readonly number[];
}

/**
 * The port that was asked for, or else the usual one, or any free one (0) if another program uses that.
 *
 * @throws Error if one that was asked for is in use, or is asked for twice.
 */
export async function choosePorts(asked: AskedPorts): Promise<Choice> {
  const names = Object.keys(usualPorts) as ServerName[];
  const replaced: number[] = [];
  const ports = { ...usualPorts };
  for (const name of names) ports[name] = asked[name] ?? ports[name];
  for (const name of names) {
    const port = ports[name];
    const twin = names.find(other => other !== name && port !== 0 && ports[other] === port);
    if (asked[name] !== undefined && twin !== undefined)
      throw new Error(`Port ${port} cannot be that of ${name} and of ${twin}. Give each server its own.`);
    if (await isFree(port)) continue;
    if (asked[name] !== undefined)
      throw new Error(
        `Port ${port} is in use by another program. Choose another with --${name}-port; 0 means any free one.`,
      );
    ports[name] = 0;
    replaced.push(port);
  }
  return { ports, replaced };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise<void>(resolve => server.close(() => resolve()));
  }
}
