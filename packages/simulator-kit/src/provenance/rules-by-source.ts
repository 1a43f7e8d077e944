import type { Rule, Source } from '../types.ts';

/** Makes the rules of one source: see `rulesBySource`. */
export interface RulesOfSource<Name extends string> {
  (...rules: readonly string[]): Rule[];
  /** The rules of this source that the named other source contradicts. The simulator follows this source. */
  against(other: Name, ...rules: readonly string[]): Rule[];
}

/**
 * Vendor rules grouped by their source, so that a route lists them under the source's name. A rule on which two
 * sources differ names both: `rulesFrom.followed.against('other', rule)`.
 *
 * @example
 * ```ts
 * import { rulesBySource } from '@braze-mixpanel/simulator-kit';
 *
 * const rulesFrom = rulesBySource({
 *   limits: { from: 'the vendor, "Limits"', seen: '2026' },
 *   threads: { from: 'issue threads of its client', seen: '2026', status: 'observed' },
 * });
 * const rules = [
 *   ...rulesFrom.limits('60 requests in an hour', '5 at once'),
 *   ...rulesFrom.limits.against('threads', 'ids of 255 bytes at most'),
 * ];
 * console.log(rules.length, rules[2]?.contradictedBy?.from); // 3 issue threads of its client
 * ```
 */
export function rulesBySource<Name extends string>(
  sources: Readonly<Record<Name, Source>>,
): Readonly<Record<Name, RulesOfSource<Name>>> {
  const entries = Object.entries<Source>(sources).map(([name, source]) => {
    const rulesOf = (...rules: readonly string[]) => rules.map(rule => ({ rule, source }));
    const against = (other: Name, ...rules: readonly string[]) =>
      rules.map(rule => ({ rule, source, contradictedBy: sources[other] }));
    return [name, Object.assign(rulesOf, { against })];
  });
  return Object.fromEntries(entries);
}
