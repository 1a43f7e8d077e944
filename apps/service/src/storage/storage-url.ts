/** Where durable state lives, as the `STORAGE_URL` setting names it. */
export type StorageLocation = { kind: 'sqlite'; path: string } | { kind: 'sqlite-memory' };

/**
 * Reads `sqlite:<path>`: relative (`sqlite:./data/service.db`) or absolute (`sqlite:/var/lib/service.db`, also with the three
 * slashes of a URL). A fault is a sentence for the operator; it never repeats the value, which may hold a password.
 */
export function parseStorageUrl(url: string): { location: StorageLocation } | { fault: string } {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') {
    return { fault: 'PostgreSQL storage is not available in this version; use sqlite:<path>' };
  }
  if (scheme !== 'sqlite') return { fault: 'expected sqlite:<path>, for example sqlite:./data/service.db' };

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
