/** The token for the API of the service: kept for this tab only, and sent to that server only. */
const key = 'admin token';
const listeners = new Set<() => void>();
/** The last token that the service refused. */
let refused: string | undefined;

const changed = () => {
  for (const listener of listeners) listener();
};

export const token = {
  get: (): string => sessionStorage.getItem(key) ?? '',
  /** Stores the token; an empty one signs out. */
  set(value: string): void {
    refused = undefined;
    if (value.trim() === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value.trim());
    changed();
  },
  /** Whether a sign-in is needed: there is no token, or the service has refused it. */
  isNeeded: (): boolean => token.get() === '' || token.get() === refused,
  /** Notes that the service refused this token. */
  refuse(value: string): void {
    if (value === refused) return;
    refused = value;
    changed();
  },
  /** Calls at each change and refusal; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
