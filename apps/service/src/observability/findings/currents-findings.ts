import { count, dayMs, hourMs } from './durations.ts';
import type { Finding } from './finding.ts';

/** Requests of Braze that failed since the last accepted one. Times in milliseconds since 1970. */
interface FailingCurrent {
  /** The first of them. */
  readonly since: number;
  /** The newest of them. */
  readonly last: number;
  /** Whether the newest was refused with 401, 403 or 404, and not with 429 or 5XX. */
  readonly refused: boolean;
}

export interface CurrentsState {
  readonly failing?: FailingCurrent | undefined;
}

/**
 * How long Braze keeps a batch. The texts of Braze disagree: the oldest one drops it after 24 hours of 429 or
 * 5XX, or 48 hours of 401, 403 or 404; the newest disables the Current after five days of failure. The earlier
 * time is the deadline. Source: Braze documentation, "Custom HTTP connector", read 2026.
 */
const brazeKeeps = { failedMs: 24 * hourMs, refusedMs: 48 * hourMs, disabledMs: 5 * dayMs };

/** Time that failures must last, without an accepted request in between. */
const failingAfterMs = 10 * 60_000;

export function currentsFindings({ failing }: CurrentsState, now: number): Finding[] {
  if (failing === undefined) return [];
  const { since, last, refused } = failing;
  // A single failure, or a stranger's request, is no sign that the Current fails.
  if (last - since < failingAfterMs) return [];
  const keepsMs = refused ? brazeKeeps.refusedMs : brazeKeeps.failedMs;
  const deadline = since + keepsMs;
  const left = (end: number) => (end > now ? `in ${count(end - now, hourMs, 'hour')}` : 'already');
  return [
    {
      id: 'currents_failing',
      severity: last - since >= keepsMs / 2 ? 'critical' : 'warning',
      since,
      deadline,
      message: `No request of Braze succeeded since ${new Date(since).toISOString()}. Braze may drop events ${left(deadline)}, and may disable the Current ${left(since + brazeKeeps.disabledMs)} (its documents disagree).`,
      next: refused
        ? 'Compare the token and the endpoint of the Current in Braze with CURRENTS_TOKEN and the address of this service. The refused requests may also be those of others: Braze shows the errors of its Current.'
        : 'Free disk space or repair storage, or deliver the backlog: see notReadyReason and refusing in /status.',
    },
  ];
}
