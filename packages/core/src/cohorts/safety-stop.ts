/** Threshold of the safety stop, which holds a target that shrinks a cohort too much. */
export interface SafetyStop {
  /** Members up to which a cohort may shrink by any number. */
  readonly over: number;
}

/** Default of the safety stop: cohorts of over 1,000 members. */
export const safetyStop: SafetyStop = { over: 1_000 };

/**
 * Whether a target empties or more than halves a cohort of more than `over` members, which is more likely an
 * error than intended.
 *
 * @param known members in Braze
 * @param target members of the target
 * @example
 * ```ts
 * import { shrinksTooMuch } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(shrinksTooMuch(2_000, 900), shrinksTooMuch(900, 0)); // true false
 * ```
 */
export function shrinksTooMuch(known: number, target: number, { over }: SafetyStop = safetyStop): boolean {
  return known > over && target * 2 < known;
}
