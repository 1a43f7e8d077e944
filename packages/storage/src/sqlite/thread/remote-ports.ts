import { commands } from './commands.ts';
import type { CommandName, ThreadPorts } from './thread-ports.ts';
import type { WorkerLink } from './worker-link.ts';

/** The ports whose methods call the storage thread. */
export function remotePorts(link: WorkerLink): ThreadPorts {
  const portOf = (port: string, names: string[]) =>
    Object.fromEntries(
      names.map(name => [name, (...args: unknown[]) => link.call(`${port}.${name}` as CommandName, args)]),
    );
  const ports = Object.entries(commands).map(([port, own]) => [port, portOf(port, Object.keys(own))]);
  return Object.fromEntries(ports) as ThreadPorts;
}
