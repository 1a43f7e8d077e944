import { useMemo } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';
import { useLocationProperty } from 'wouter-preact/use-browser-location';

export { routeOf } from './route-of.ts';

/** The address of the console without its slash at the end: the base of all routes. */
export const base = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** A view's address: server, view and the opened thing. */
export interface Place {
  readonly server: string | undefined;
  readonly view: string | undefined;
  readonly id: string | undefined;
  /** Whether the address has more parts than these: no view has such a one. */
  readonly isLonger: boolean;
}

/** The current address; changes with every navigation. */
export function usePlace(): Place {
  useLocation();
  const { pathname } = location;
  return useMemo(() => {
    const [server, view, id, ...more] = pathname
      .slice(base.length)
      .split('/')
      .filter(part => part !== '')
      .map(decoded);
    return { server, view, id, isLonger: more.length > 0 };
  }, [pathname]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * A filter in the query of the address, and its setter, which replaces the address without an entry in the history.
 */
export function useFilter(name: string): [value: string, set: (value: string) => void] {
  const search = useSearch();
  const replace = useReplace();
  const set = (written: string) => replace(`${changed(location.search, name, written, '?')}${location.hash}`);
  return [new URLSearchParams(search).get(name) ?? '', set];
}

/** A filter that may be the ID of a user: in the fragment of the address, which no server sees. */
export function usePrivateFilter(name: string): [value: string, set: (value: string) => void] {
  const hash = useLocationProperty(() => location.hash);
  const replace = useReplace();
  const set = (written: string) =>
    replace(`${location.search}${changed(location.hash.slice(1), name, written, '#')}`);
  return [new URLSearchParams(hash.slice(1)).get(name) ?? '', set];
}

function useReplace(): (rest: string) => void {
  const [, navigate] = useLocation();
  return rest => navigate(`${location.pathname.slice(base.length)}${rest}`, { replace: true });
}

function changed(parameters: string, name: string, value: string, mark: string): string {
  const query = new URLSearchParams(parameters);
  if (value === '') query.delete(name);
  else query.set(name, value);
  return query.size === 0 ? '' : `${mark}${query}`;
}
