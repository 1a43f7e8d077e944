/** Versions of the Currents protocol that this service knows. Source: Braze, "Custom HTTP connector". */
const known = new Set(['1']);

/** Maximum of different values that are logged: the header is text of the caller. */
const mostLogged = 20;
const keptOfVersion = 40;

export interface VersionWatchOptions {
  /** Called for each request with an unknown version. */
  readonly onRequest: (connection: string) => void;
  /** Called once for each unknown version of a connection, with at most 40 printable characters of it. */
  readonly onFirst: (connection: string, version: string) => void;
}

/**
 * The check of the header `Braze-Currents-Version`. A request with an unknown version is counted and accepted
 * like any other: Braze would stop a Current whose batches are refused, and events that cannot be mapped
 * become dead letters. An absent header is no version.
 */
export function versionWatch({
  onRequest,
  onFirst,
}: VersionWatchOptions): (connection: string, header: string | undefined) => void {
  const logged = new Set<string>();
  return (connection, header) => {
    if (header === undefined || known.has(header.trim())) return;
    onRequest(connection);
    const version = header.slice(0, keptOfVersion).replaceAll(/[^\x20-\x7e]/g, '?');
    const once = JSON.stringify([connection, version]);
    if (logged.size >= mostLogged || logged.has(once)) return;
    logged.add(once);
    onFirst(connection, version);
  };
}
