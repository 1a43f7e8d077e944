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
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  const database = pathname.slice(1);
  if (host === '') return { fault: `${expected}; it names no host` };
  if (database === '' || database.includes('/')) return { fault: `${expected}; it names no database` };
  return { url, where: `${host}${port === '' ? '' : `:${port}`}/${database}` };
}
