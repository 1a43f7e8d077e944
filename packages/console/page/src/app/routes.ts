import { useMemo } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';

/** The address of the console without its slash at the end: the base of all routes. */
export const base = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** A view's address: server, view and the opened thing. */
export interface Place {
  readonly server: string | undefined;
  readonly view: string | undefined;
  readonly id: string | undefined;
}

/** Route of a view; `id` opens one thing, `search` is a query such as `?reason=x`. */
export function routeOf(server: string, view: string, id?: string, search = ''): string {
  const parts = [server, view, ...(id === undefined ? [] : [id])];
  return `/${parts.map(encodeURIComponent).join('/')}${search}`;
}

/** The current address; changes with every navigation. */
export function usePlace(): Place {
  useLocation();
  const { pathname } = location;
  return useMemo(() => {
    const [server, view, id] = pathname
      .slice(base.length)
      .split('/')
      .filter(part => part !== '')
      .map(decoded);
    return { server, view, id };
  }, [pathname]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A filter in the query of the address, and its setter, which replaces the address without an entry in the history. */
export function useFilter(name: string): [value: string, set: (value: string) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? '';
  const set = (written: string) => {
    const query = new URLSearchParams(location.search);
    if (written === '') query.delete(name);
    else query.set(name, written);
    const text = query.toString();
    navigate(`${location.pathname.slice(base.length)}${text === '' ? '' : `?${text}`}${location.hash}`, {
      replace: true,
    });
  };
  return [value, set];
}
