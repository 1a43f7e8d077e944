import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Authority, localAuthority } from './authority.ts';
import { generate } from './generate.ts';
import { permits } from './name-constraints.ts';

/** The options of HTTPS with a certificate of a local authority. */
export interface TlsOptions {
  /** Folder of the local authority; by default in the user's home folder. */
  readonly folder?: string | undefined;
  /** Additional names and addresses for the certificate, for example a container's alias. */
  readonly names?: readonly string[] | undefined;
}

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  readonly authority: Authority;
}

/** 397 days, a year and a month: the longest validity that browsers and macOS accept. */
const lifetime = 397 * 86_400_000;

/**
 * A server certificate from the local authority, for `localhost`, both loopback addresses, the simulator's
 * name, the name of the machine (or container) that created the authority, and the requested names. Created
 * at every start, never stored.
 */
export async function serverCertificate(name: string, options: TlsOptions): Promise<ServerCertificate> {
  const asked = [name, ...(options.names ?? [])];
  const authority = await localAuthority(options.folder, asked);
  const here = permits(authority.names, hostname()) ? [hostname()] : [];
  const names = new Set(['localhost', '127.0.0.1', '::1', ...here, ...asked]);
  const { key, cert } = await generate({
    commonName: name,
    issuer: authority,
    // Valid from an hour ago, since the clocks of containers and hosts may differ.
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + lifetime),
    extensions: library => [
      new library.BasicConstraintsExtension(false, undefined, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
      new library.ExtendedKeyUsageExtension([library.ExtendedKeyUsage.serverAuth]),
      new library.SubjectAlternativeNameExtension(
        [...names].map(value => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  });
  return { key, cert, authority };
}
