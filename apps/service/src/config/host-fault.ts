import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Fault } from './gather.ts';
import { quoted } from './values.ts';

/** The fault of a HOST that is neither an IP address nor a host name with one; `undefined` if it is. */
export async function hostFault(host: unknown, resolve: typeof lookup = lookup): Promise<Fault | undefined> {
  if (typeof host !== 'string' || isIP(host) !== 0) return undefined;
  try {
    await resolve(host);
    return undefined;
  } catch {
    return {
      setting: 'HOST',
      message: `is ${quoted(host)}, which is neither an IP address nor a host name that resolves here; expected an address of this machine, for example 127.0.0.1.`,
    };
  }
}
