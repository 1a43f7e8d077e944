/** The parts of `/status` that the page shows. */

import { counted } from '../parts/format.ts';
import type { IconName } from '../parts/icon-paths.ts';
import type { Tone } from '../parts/tone.ts';
import type { SyncSchedule } from './sync-schedule.ts';

export type Counts = Readonly<Record<string, number>>;

interface LastError {
  readonly code: string;
  readonly message: string;
  readonly at: string;
  /** When the first of these failures in a row happened. */
  readonly since: string;
  readonly resolvedAt: string | null;
}

interface Delivery {
  readonly state: string;
  readonly requestsInFlight: number;
  readonly requestsAtMost: number;
  readonly failuresInARow: number;
  readonly nextAttemptInMs?: number;
  readonly lastError?: LastError;
  readonly lastSuccessAt?: string;
}

export interface Finding {
  readonly id: string;
  readonly severity: 'unverified' | 'warning' | 'critical';
  readonly since: string | null;
  readonly deadline: string | null;
  readonly message: string;
  readonly next: string;
}

export interface Connection {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Counts;
  readonly deadLettered: Counts;
  readonly pending: {
    readonly batches: number;
    readonly events: number;
    readonly bytes: number;
    readonly early: number;
    readonly oldestSeconds: number | null;
  };
  readonly quarantined: { readonly batches: number; readonly events: number };
  readonly refusing: string | null;
  readonly notes: Counts;
  readonly delivery: Delivery | null;
  readonly findings: readonly Finding[] | null;
  readonly firstSeen: readonly { readonly kind: string; readonly name: string; readonly at: string }[] | null;
  readonly cohorts: readonly CohortSync[];
}

export interface Status {
  readonly ready: boolean;
  readonly notReadyReason?: string;
  readonly connections: Readonly<Record<string, Connection>>;
}

/** The last comparison of the segment of a cohort with its members. */
export interface Drift {
  readonly checkedAt: string;
  readonly size: number | null;
  readonly day: string | null;
  readonly accepted: number | null;
  readonly difference: number | null;
  readonly why: string | null;
}

export interface CohortSync extends SyncSchedule {
  readonly id: string;
  readonly connection: string;
  readonly cohort: string;
  readonly name: string;
  readonly sink: 'partner' | 'track';
  readonly attribute: string | null;
  readonly status: 'active' | 'paused' | 'done';
  readonly running: boolean;
  readonly nextRun: string | null;
  readonly lastSuccess: string | null;
  readonly mixpanelMembers: number | null;
  readonly mixpanelProfiles: number | null;
  readonly mixpanelReadAt: string | null;
  readonly sentMembers: number;
  readonly brazeMembers: number;
  readonly confirmedMembers: number | null;
  readonly confirmedOf: number | null;
  readonly unknownMembers: number | null;
  readonly confirmedAt: string | null;
  readonly confirmedWhy: string | null;
  readonly attributeUpdates: number;
  readonly assignments: number;
  readonly drift: Drift | null;
  readonly unmatched: number;
  readonly unmatchedBecause: { readonly noId: number; readonly refusedId: number; readonly noUser: number };
  readonly interrupted: boolean;
  readonly problem: { readonly code: string; readonly message: string; readonly at: string } | null;
}

export const sum = (counts: Counts): number => Object.values(counts).reduce((all, each) => all + each, 0);

interface StateInWords {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly text: string;
}

const states: Readonly<Record<string, StateInWords>> = {
  idle: { tone: 'good', text: 'Everything delivered' },
  delivering: { tone: 'good', icon: 'play', text: 'Delivering' },
  waiting: { tone: 'busy', text: 'Waiting to deliver' },
  retrying: { tone: 'bad', text: 'Mixpanel fails, retrying' },
  parked: { tone: 'bad', text: 'Mixpanel refuses every request, retrying' },
  held: { tone: 'warn', icon: 'pause', text: 'Held by the configuration' },
};

/**
 * The state of a connection's delivery in words. Dead letters are not delivered, although nothing waits; nor is what a
 * service that refuses batches has not accepted.
 */
export function deliveryState(
  { accepted, delivery, deadLettered, refusing }: Connection,
  isReady: boolean,
): StateInWords {
  if (delivery === null)
    return { tone: 'warn', text: 'No longer configured: waiting events are not delivered' };
  const dead = sum(deadLettered);
  if (delivery.state === 'idle' && dead > 0)
    return { tone: 'warn', text: `Nothing waits · ${counted(dead, 'dead letter')}` };
  if (delivery.state === 'idle' && (refusing !== null || !isReady))
    return { tone: 'plain', text: 'Nothing waits' };
  if (delivery.state === 'idle' && accepted === 0) return { tone: 'plain', text: 'No events yet' };
  return states[delivery.state] ?? { tone: 'plain', text: delivery.state };
}
