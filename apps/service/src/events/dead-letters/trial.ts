import { mapEvent, parseProfile, skipReasons } from '@braze-mixpanel/core/mapping';
import { type Explanation, explain } from './explain.ts';

/** What would become of an event if it were replayed now: what Mixpanel would be sent, or why not. Whether Mixpanel takes it, it alone knows. */
export type Trial =
  | { readonly outcome: 'mapped'; readonly mapped: unknown }
  | { readonly outcome: 'skipped'; readonly reason: string; readonly explanation: Explanation }
  | {
      readonly outcome: 'dead';
      readonly reason: string;
      readonly detail: string;
      readonly explanation: Explanation | undefined;
    };

/**
 * @param profile mapping options of today, as stored with batches
 * @param now milliseconds since 1970
 */
export function trial(event: unknown, profile: string, now: number): Trial {
  const result = mapEvent(event, parseProfile(profile), now);
  if (result.outcome === 'mapped') return { outcome: 'mapped', mapped: result.event };
  const { outcome, reason } = result;
  return outcome === 'skipped'
    ? { outcome, reason, explanation: skipReasons[reason] }
    : { outcome, reason, detail: result.detail, explanation: explain(reason) };
}
