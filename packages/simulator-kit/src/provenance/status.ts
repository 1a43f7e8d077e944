import type { Rule } from '../types.ts';

/**
 * What is known of a rule. `seen live`: the vendor itself kept it in a recorded test. `documented`: the vendor's
 * documents or clients describe it. `observed`: others saw it, for example in a public issue thread.
 * `contradicted`: two sources differ. `chosen`: no source is known, the simulator decides.
 */
export const ruleStatuses = ['seen live', 'documented', 'observed', 'contradicted', 'chosen'] as const;

/** What is known of a rule: see `ruleStatuses`. */
export type RuleStatus = (typeof ruleStatuses)[number];

/** The status of a rule. A recorded test of the vendor decides before every other source. */
export function statusOf({ source, contradictedBy }: Rule, lastTrue?: string): RuleStatus {
  if (lastTrue !== undefined) return 'seen live';
  if (contradictedBy) return 'contradicted';
  return source.status ?? 'documented';
}
