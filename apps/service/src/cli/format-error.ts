import { ConfigRefused } from '../config/config-refused.ts';

const ourOwn = ['AdminError', 'StorageError', 'CohortError', 'ClockError', 'LexiconError'];

/** The text that a failed command prints: the message of an expected failure, the stack of a defect. */
export function formatError(error: unknown): string {
  if (error instanceof ConfigRefused) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${address} is in use by another process. Stop it, or choose another port with --port or PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} on ${address} requires privileges. Choose a port above 1023 with --port or PORT.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `The address ${address ?? ''} does not belong to this machine. Correct --host or HOST.`;
  return ourOwn.includes(error.name) ? error.message : (error.stack ?? error.message);
}
