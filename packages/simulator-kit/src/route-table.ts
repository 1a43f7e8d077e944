import { withoutSlashes } from './slashes.ts';
import type { Route } from './types.ts';

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists, but not with this method. */
  | {
      readonly kind: 'other-methods';
      readonly allowed: readonly string[];
      /** The routes of the path. */
      readonly routes: readonly Route[];
    }
  | { readonly kind: 'unknown' };

/**
 * The route lookup. The first match wins, `HEAD` uses the route of `GET`, and slashes at either end are
 * ignored. Parameters are percent-decoded; a segment that can't be decoded doesn't match.
 */
export function createRouteTable(routes: readonly Route[]): (method: string, path: string) => Match {
  const patterns = routes.map(route => ({ route, segments: segmentsOf(route.path) }));
  return (method, path) => {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const given = segmentsOf(path);
    const others: Route[] = [];
    for (const { route, segments } of patterns) {
      const params = paramsOf(segments, given);
      if (params === undefined) continue;
      if (route.method === wanted) return { kind: 'found', route, params };
      others.push(route);
    }
    if (others.length === 0) return { kind: 'unknown' };
    return {
      kind: 'other-methods',
      allowed: [...new Set(others.map(route => route.method))],
      routes: others,
    };
  };
}

const segmentsOf = (path: string): string[] => withoutSlashes(path).split('/');

function paramsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  try {
    for (const [index, part] of pattern.entries()) {
      const actual = path[index] ?? '';
      if (part.startsWith(':') && actual !== '') params[part.slice(1)] = decodeURIComponent(actual);
      else if (part !== actual) return undefined;
    }
    return params;
  } catch {
    return undefined;
  }
}
