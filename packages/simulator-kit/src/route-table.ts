import { withoutSlashes } from './slashes.ts';
import type { Route } from './types.ts';

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists, but not for this method. */
  | { readonly kind: 'other-methods'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

/** Finds the route of a request. The first that fits wins; `HEAD` goes where `GET` goes; a trailing slash makes no difference. */
export function createRouteTable(routes: readonly Route[]): (method: string, path: string) => Match {
  const patterns = routes.map(route => ({ route, segments: segmentsOf(route.path) }));
  return (method, path) => {
    const segments = segmentsOf(path);
    const wanted = method === 'HEAD' ? 'GET' : method;
    const allowed = new Set<string>();
    for (const pattern of patterns) {
      const params = paramsOf(pattern.segments, segments);
      if (params === undefined) continue;
      if (pattern.route.method === wanted) return { kind: 'found', route: pattern.route, params };
      allowed.add(pattern.route.method);
    }
    return allowed.size === 0 ? { kind: 'unknown' } : { kind: 'other-methods', allowed: [...allowed] };
  };
}

const segmentsOf = (path: string): string[] => withoutSlashes(path).split('/');

function paramsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const actual = path[index] ?? '';
    if (part.startsWith(':')) {
      const value = decoded(actual);
      if (value === undefined || value === '') return undefined;
      params[part.slice(1)] = value;
    } else if (part !== actual) return undefined;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
