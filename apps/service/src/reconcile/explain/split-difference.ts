import type { Cause } from './causes.ts';

/** What a cause is known to add to the second column; negative where it takes away. */
export interface Claim {
  readonly cause: Cause;
  /** For a cause that has several, such as the reason of a skip. */
  readonly reason?: string | undefined;
  readonly events: number;
  /**
   * - `counted`: exactly so many events, whatever the difference is.
   * - `up_to`: as much of what is left of the difference as has the same sign, and no more than `events`.
   * - `all_or_none`: if exactly that is left.
   */
  readonly how: 'counted' | 'up_to' | 'all_or_none';
}

/** The part of a difference that one cause explains. */
interface Share {
  readonly cause: Cause;
  readonly reason?: string | undefined;
  readonly events: number;
}

/** A difference and its parts, which always add up to it. */
export interface SplitDifference {
  readonly difference: number;
  readonly causes: readonly Share[];
  readonly unexplained: number;
}

/**
 * Splits a difference into the parts that claims explain, in their order, and the rest. Counted claims are
 * subtracted first. Claims of one cause and reason are one part. Pure.
 */
export function splitDifference(difference: number, claims: readonly Claim[]): SplitDifference {
  const counted = claims.filter(({ how }) => how === 'counted');
  const others = claims.filter(({ how }) => how !== 'counted');
  const causes: Share[] = [];
  let left = difference;
  for (const claim of [...counted, ...others]) {
    const events = shareOf(claim, left);
    if (events === 0) continue;
    left -= events;
    const { cause, reason } = claim;
    const place = causes.findIndex(known => known.cause === cause && known.reason === reason);
    const known = causes[place];
    if (known === undefined) causes.push({ cause, ...(reason !== undefined && { reason }), events });
    else causes[place] = { ...known, events: known.events + events };
  }
  return { difference, causes: causes.filter(({ events }) => events !== 0), unexplained: left };
}

function shareOf({ how, events }: Claim, left: number): number {
  if (how === 'counted') return events;
  if (how === 'all_or_none') return events === left ? events : 0;
  if (Math.sign(events) !== Math.sign(left)) return 0;
  return Math.sign(left) * Math.min(Math.abs(events), Math.abs(left));
}
