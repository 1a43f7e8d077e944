import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Authority, localAuthority } from './authority.ts';
import { generate } from './generate.ts';
import { permits } from './name-constraints.ts';

/** HTTPS with a certificate of a local authority. */
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
 * A certificate of the local authority for this server: `localhost`, both loopback addresses, the simulator's own name, the machine's
 * (or container's) name where the authority was made there, and all other names that are asked for. Made at every start, never kept.
 */
export async function serverCertificate(name: string, options: TlsOptions): Promise<ServerCertificate> {
  const asked = [name, ...(options.names ?? [])];
  const authority = await localAuthority(options.folder, asked);
  const here = permits(authority.names, hostname()) ? [hostname()] : [];
  const names = new Set(['localhost', '127.0.0.1', '::1', ...here, ...asked]);
  const { key, cert } = await generate({
    commonName: name,
    issuer: authority,
    // An hour back: containers and their hosts do not always agree on the time.
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
