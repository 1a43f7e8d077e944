import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Authority, localAuthority } from './authority.ts';
import { generate } from './generate.ts';

export interface TlsOptions {
  /** Where the local authority is kept; a folder in the user's home by default. */
  readonly folder?: string | undefined;
  /** More names and addresses for the certificate, for example a container's alias. */
  readonly names?: readonly string[] | undefined;
}

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  readonly authority: Authority;
}

/** A year and a month: what browsers and macOS still take. */
const lifetime = 397 * 86_400_000;

/**
 * A certificate of the local authority for this server: `localhost`, both loopback addresses, the machine's (or container's) name,
 * the simulator's own name and whatever else is asked for. Made at every start and kept nowhere.
 */
export async function serverCertificate(name: string, options: TlsOptions): Promise<ServerCertificate> {
  const authority = await localAuthority(options.folder);
  const names = new Set(['localhost', '127.0.0.1', '::1', hostname(), name, ...(options.names ?? [])]);
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    // An hour back: containers and their hosts do not always agree on the time.
    notBeforeDate: new Date(Date.now() - 3_600_000),
    notAfterDate: new Date(Date.now() + lifetime),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names].map(value =>
          isIP(value) === 0 ? { type: 2 as const, value } : { type: 7 as const, ip: value },
        ),
      },
    ],
  });
  return { key: made.private, cert: made.cert, authority };
}
