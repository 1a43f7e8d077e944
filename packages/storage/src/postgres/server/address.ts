import { accessSync, constants } from 'node:fs';

/** A PostgreSQL that was named, and how to speak of it: without user, password or parameters. */
export interface PostgresAddress {
  /** Holds the password. */
  readonly url: string;
  /** `host:port/database` */
  readonly where: string;
}

/** Reads `postgres://user:password@host:port/database?sslmode=…`. A fault never repeats the value. */
export function parsePostgresUrl(url: string): PostgresAddress | { fault: string } {
  const expected =
    'expected postgres://user:password@host:5432/database, with special characters percent-encoded';
  if (!URL.canParse(url)) return { fault: expected };
  const { hostname, port, pathname, searchParams, username, password } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  const database = pathname.slice(1);
  if (host === '') return { fault: `${expected}; it names no host` };
  if (database === '' || database.includes('/')) return { fault: `${expected}; it names no database` };
  if (![username, password, database].every(isDecodable)) return { fault: expected };
  const sslmode = searchParams.get('sslmode');
  if (sslmode !== null && !sslmodes.includes(sslmode))
    return { fault: `${expected}; its sslmode is none of ${sslmodes.join(', ')}` };
  const unreadable = ['sslrootcert', 'sslcert', 'sslkey'].find(name => !isReadable(searchParams.get(name)));
  if (unreadable !== undefined) return { fault: `its ${unreadable} names a file that can't be read` };
  return { url, where: `${host}${port === '' ? '' : `:${port}`}/${database}` };
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html, and what the driver adds. */
const sslmodes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function isReadable(file: string | null): boolean {
  if (file === null) return true;
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
