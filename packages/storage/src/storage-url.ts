import { type PostgresAddress, parsePostgresUrl } from './postgres/server/address.ts';

/** Where durable state lives, as the `STORAGE_URL` setting names it. */
export type StorageLocation =
  | { kind: 'sqlite'; path: string }
  | { kind: 'sqlite-memory' }
  | { kind: 'postgres'; address: PostgresAddress };

/**
 * Reads `sqlite:<path>`: relative (`sqlite:./data/service.db`) or absolute (`sqlite:/var/lib/service.db`,
 * also with the three slashes of a URL), or `postgres://user:password@host:5432/database`. A fault is a
 * sentence for the operator; it never repeats the value, which may hold a password.
 */
export function parseStorageUrl(url: string): { location: StorageLocation } | { fault: string } {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const address = parsePostgresUrl(url);
    return 'fault' in address ? address : { location: { kind: 'postgres', address } };
  }
  if (scheme !== 'sqlite') {
    return {
      fault:
        'expected sqlite:<path> or postgres://…, for example sqlite:./data/service.db or postgres://user:password@host:5432/database',
    };
  }

  const path = url.slice('sqlite:'.length);
  if (path === ':memory:') return { location: { kind: 'sqlite-memory' } };
  if (path === '' || path.endsWith('/')) return { fault: 'expected the path of a file after sqlite:' };
  if (/^\/\/(?!\/)/.test(path)) {
    return {
      fault: 'sqlite://… names a host; write sqlite:<path> or, for an absolute path, sqlite:///<path>',
    };
  }
  return { location: { kind: 'sqlite', path: path.replace(/^\/{2,}/, '/') } };
}
