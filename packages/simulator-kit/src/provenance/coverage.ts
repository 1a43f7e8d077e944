import { faultKinds } from '../faults/kinds.ts';
import type { Behaviour, Route, Source } from '../types.ts';

/** What a simulator simulates, and by which sources: the answer of `GET /_sim/coverage`. */
export interface Coverage {
  readonly name: string;
  readonly routes: readonly (Covered & {
    readonly method: string;
    readonly path: string;
    /** Requests since the start or the last reset. */
    readonly hits: number;
  })[];
  /** What the vendor does of its own accord. */
  readonly behaviours: readonly Covered[];
  readonly notSimulated: readonly string[];
  /** The kinds of faults that `POST /_sim/faults` accepts. */
  readonly faults: readonly { readonly kind: string; readonly handled: string; readonly client: string }[];
  /** The control API: method and path. */
  readonly control: readonly string[];
}

interface Covered {
  readonly id: string;
  readonly rules: readonly CoveredRule[];
}

interface CoveredRule {
  readonly rule: string;
  readonly source: Source;
  /** Day on which the vendor itself was last seen to keep this rule, ISO 8601. */
  readonly lastTrue?: string;
}

export interface CoverageParts {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly behaviours: readonly Behaviour[];
  readonly notSimulated: readonly string[];
  readonly control: readonly Route[];
  readonly hits: ReadonlyMap<string, number>;
  /** By route id and rule: see `ruleKey`. */
  readonly lastTrue: Readonly<Record<string, string>>;
}

/** The key of a rule in `lastTrue`: the ID of its route or behaviour, and its text. */
export function ruleKey(id: string, rule: string): string {
  return `${id}: ${rule}`;
}

export function coverageOf(parts: CoverageParts): Coverage {
  const covered = ({ id, rules }: Behaviour): Covered => ({
    id,
    rules: rules.map(({ rule, source }) => {
      const lastTrue = parts.lastTrue[ruleKey(id, rule)];
      return { rule, source, ...(lastTrue !== undefined && { lastTrue }) };
    }),
  });
  return {
    name: parts.name,
    routes: parts.routes.map(route => ({
      ...covered(route),
      method: route.method,
      path: route.path,
      hits: parts.hits.get(route.id) ?? 0,
    })),
    behaviours: parts.behaviours.map(covered),
    notSimulated: parts.notSimulated,
    faults: faultKinds.map(({ kind, handled, client }) => ({ kind, handled, client })),
    control: parts.control.map(({ method, path }) => `${method} ${path}`),
  };
}
