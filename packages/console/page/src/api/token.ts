/** The token for the API of the service: kept for this tab only, and sent to that server only. */
const key = 'admin token';
const listeners = new Set<() => void>();
/** The last token that the service refused, and the sentence that says so. */
let refused: { readonly value: string; readonly message: string } | undefined;

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
  isNeeded: (): boolean => token.get() === '' || token.get() === refused?.value,
  /** Why the token is refused; `undefined` where there is none, or it is not refused. */
  refusal: (): string | undefined =>
    token.get() !== '' && token.get() === refused?.value ? refused.message : undefined,
  /** Notes that the service refused this token. */
  refuse(value: string, message: string): void {
    if (value === refused?.value) return;
    refused = { value, message };
    changed();
  },
  /** Calls at each change and refusal; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
