/** The token for the API of the service: kept for this tab only, and sent to that server only. */
const key = 'admin token';
const listeners = new Set<() => void>();

export const token = {
  get: (): string => sessionStorage.getItem(key) ?? '',
  /** Stores the token; an empty one signs out. */
  set(value: string): void {
    if (value.trim() === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value.trim());
    for (const listener of listeners) listener();
  },
  /** Calls at each change; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
