import { useEffect, useState } from 'preact/hooks';

/** What each step of the tour made, by the IDs of the servers. */
export interface Progress {
  readonly key?: string;
  readonly destination?: string;
  readonly cohort?: string;
  readonly sync?: string;
  readonly segment?: string;
  readonly current?: string;
  /** Whether the tour removed that Current at its end. */
  readonly isCurrentRemoved?: boolean;
  /** ID of the emitted event, and its user. */
  readonly event?: string;
  readonly user?: string;
  /** Whether Mixpanel had that event when it was last seen: a sandbox keeps only the newest ones. */
  readonly isArrived?: boolean;
  /** The event as Braze sent it. */
  readonly payload?: unknown;
}

/** Kept beyond the tab, so that the tour can be taken up again; it has no secret. */
const key = 'tour';

function read(): Progress {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

/** The progress of the tour, and its change; `undefined` begins anew. */
export function useProgress(): [Progress, (change: Progress | undefined) => void] {
  const [progress, set] = useState(read);
  useEffect(() => {
    const follow = (event: StorageEvent) => event.key === key && set(read());
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, []);
  const change = (given: Progress | undefined) => {
    const next = given === undefined ? {} : { ...read(), ...given };
    localStorage.setItem(key, JSON.stringify(next));
    set(next);
  };
  return [progress, change];
}
