import type { Rule, Source } from '../types.ts';

/**
 * Vendor rules grouped by their source, so that a route lists them under the source's name.
 *
 * @example
 * ```ts
 * import { rulesBySource } from '@braze-mixpanel/simulator-kit';
 *
 * const rulesFrom = rulesBySource({ limits: { from: 'the vendor, "Limits"', seen: '2026' } });
 * const rules = [...rulesFrom.limits('60 requests in an hour', '5 at once')];
 * console.log(rules.length, rules[0]?.source.from); // 2 the vendor, "Limits"
 * ```
 */
export function rulesBySource<Name extends string>(
  sources: Readonly<Record<Name, Source>>,
): Readonly<Record<Name, (...rules: readonly string[]) => Rule[]>> {
  const entries = Object.entries<Source>(sources).map(([name, source]) => [
    name,
    (...rules: readonly string[]) => rules.map(rule => ({ rule, source })),
  ]);
  return Object.fromEntries(entries);
}
