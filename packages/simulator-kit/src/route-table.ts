import { withoutSlashes } from './slashes.ts';
import type { Route } from './types.ts';

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists, but not for this method. */
  | { readonly kind: 'other-methods'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

/**
 * Finds the route of a request. The first that fits wins; `HEAD` goes where `GET` goes; slashes at either end make no
 * difference. Parameters are percent-decoded; a segment that can't be decoded fits none.
 */
export function createRouteTable(routes: readonly Route[]): (method: string, path: string) => Match {
  const patterns = routes.map(route => ({ route, pattern: patternOf(route.path) }));
  return (method, path) => {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const trimmed = withoutSlashes(path);
    const allowed = new Set<string>();
    for (const { route, pattern } of patterns) {
      const params = decoded(pattern.exec(trimmed));
      if (params === undefined) continue;
      if (route.method === wanted) return { kind: 'found', route, params };
      allowed.add(route.method);
    }
    return allowed.size === 0 ? { kind: 'unknown' } : { kind: 'other-methods', allowed: [...allowed] };
  };
}

function patternOf(path: string): RegExp {
  const literal = withoutSlashes(path).replaceAll(/[^\w/:-]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function decoded(match: RegExpExecArray | null): Record<string, string> | undefined {
  try {
    const groups = Object.entries(match?.groups ?? {});
    return match === null
      ? undefined
      : Object.fromEntries(groups.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}
