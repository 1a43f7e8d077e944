/** By how much the clocks of the servers, which may be simulated, are ahead of this machine's. */
const known = new Map<string, number>();
const listeners = new Set<() => void>();
/** The header has whole seconds: a smaller difference is none. */
const leastMs = 2_000;
/** The end of its second, so that nothing that just happened is shown as in the future. */
const secondMs = 1_000;

export const serverAhead = {
  /** Milliseconds; 0 until the server has answered. */
  of: (server: string): number => known.get(server) ?? 0,
  /** Notes the header `Date` of an answer. */
  note(server: string, header: string | null): void {
    const date = Date.parse(header ?? '');
    if (Number.isNaN(date)) return;
    const ahead = date + secondMs - Date.now();
    const rounded = Math.abs(ahead) > leastMs ? ahead : 0;
    const isNew = Math.abs(rounded - serverAhead.of(server)) > leastMs;
    known.set(server, rounded);
    if (isNew) for (const listener of listeners) listener();
  },
  /** Calls when a server's clock was moved; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
