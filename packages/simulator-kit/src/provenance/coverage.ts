import * as z from 'zod';
import { faultKinds } from '../faults/kinds.ts';
import type { Behaviour, Route } from '../types.ts';

const rules = z
  .array(
    z
      .object({
        rule: z.string(),
        source: z.object({ from: z.string(), seen: z.string() }).readonly(),
        /** Date of the last test in which the vendor itself kept this rule, ISO 8601. */
        lastTrue: z.string().optional(),
      })
      .readonly(),
  )
  .readonly();
const covered = { id: z.string(), rules };

export const coverageSchema = z
  .object({
    name: z.string(),
    routes: z
      .array(
        z
          .object({
            ...covered,
            method: z.string(),
            path: z.string(),
            /** Number of requests since the start or the last reset. */
            hits: z.int(),
          })
          .readonly(),
      )
      .readonly(),
    /** What the vendor does without a request. */
    behaviours: z.array(z.object(covered).readonly()).readonly(),
    notSimulated: z.array(z.string()).readonly(),
    /** The fault kinds that `POST /_sim/faults` accepts. */
    faults: z
      .array(z.object({ kind: z.string(), handled: z.string(), client: z.string() }).readonly())
      .readonly(),
    /** The routes of the control API: method and path. */
    control: z.array(z.string()).readonly(),
  })
  .readonly();

/** What a simulator simulates and where it is documented: the answer of `GET /_sim/coverage`. */
export type Coverage = z.output<typeof coverageSchema>;

export interface CoverageParts {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly behaviours: readonly Behaviour[];
  readonly notSimulated: readonly string[];
  readonly control: readonly Route[];
  readonly hits: ReadonlyMap<string, number>;
  /** Dates by route ID and rule: see `ruleKey`. */
  readonly lastTrue: Readonly<Record<string, string>>;
}

/** The key of a rule in `lastTrue`: the ID of its route or behaviour, and its text. */
export function ruleKey(id: string, rule: string): string {
  return `${id}: ${rule}`;
}

export function coverageOf(parts: CoverageParts): Coverage {
  const coveredBy = ({ id, rules }: Behaviour) => ({
    id,
    rules: rules.map(({ rule, source }) => {
      const lastTrue = parts.lastTrue[ruleKey(id, rule)];
      return { rule, source, ...(lastTrue !== undefined && { lastTrue }) };
    }),
  });
  return {
    name: parts.name,
    routes: parts.routes.map(route => ({
      ...coveredBy(route),
      method: route.method,
      path: route.path,
      hits: parts.hits.get(route.id) ?? 0,
    })),
    behaviours: parts.behaviours.map(coveredBy),
    notSimulated: parts.notSimulated,
    faults: faultKinds.map(({ kind, handled, client }) => ({ kind, handled, client })),
    control: parts.control.map(({ method, path }) => `${method} ${path}`),
  };
}
