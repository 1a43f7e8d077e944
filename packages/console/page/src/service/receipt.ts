/** Receipts of forgotten users, as the API has them. Times are ISO 8601. */
import type { Tone } from '../parts/tone.ts';

/** The deletion of a user in one project of Mixpanel, as a list has it. */
export interface ListedDeletion {
  readonly connection: string;
  readonly state: 'waiting' | 'asking' | 'followed' | 'done' | 'failed' | 'withdrawn';
  readonly taskId: string | null;
  readonly isLate: boolean;
}

export interface Deletion extends ListedDeletion {
  /** Mixpanel's last word on the task. */
  readonly status: string | null;
  readonly requestedAt: string;
  readonly acceptedAt: string | null;
  readonly checkedAt: string | null;
  readonly endedAt: string | null;
  readonly nextAt: string | null;
  readonly problem: string | null;
  readonly idKept: boolean;
  readonly earlier: readonly {
    readonly taskId: string | null;
    readonly state: 'done' | 'failed' | 'withdrawn';
    readonly endedAt: string;
  }[];
}

/** A call of `forget` or its lift, in the list of all users. */
export interface ListedCall {
  /** Number of the receipt: a salted digest of the ID. */
  readonly number: string;
  readonly at: string;
  readonly what: 'forget' | 'lift';
  /** `null` for a lift, and where the end of the removal is not recorded. */
  readonly complete: boolean | null;
  /** Connections whose Mixpanel could not be asked. */
  readonly notAsked: readonly string[];
  readonly mixpanel: readonly ListedDeletion[];
}

/** What a removal took from each store, and what it left. */
export interface Removed {
  readonly pending: number;
  readonly delivered: number;
  readonly deadLetters: number;
  readonly brazeIds: number;
  readonly cohorts: {
    readonly members: number;
    readonly pages: number;
    readonly historyEntries: number;
    readonly ledgerEntries: number;
    readonly stillInMixpanel: readonly {
      readonly sync: string;
      readonly connection: string;
      readonly cohort: string;
      readonly name: string;
    }[];
    readonly later: readonly string[];
  };
  readonly stillBeingDelivered: number;
  readonly stillOnDisk: string | null;
  readonly failed: readonly string[];
  readonly complete: boolean;
}

export interface ReceiptEntry {
  readonly at: string;
  readonly what: 'forget' | 'lift';
  readonly vendors: boolean;
  readonly notAsked: readonly string[];
  readonly removed: Removed | null;
}

export interface Receipt {
  readonly number: string;
  readonly skipsLaterEvents: boolean;
  readonly entries: readonly ReceiptEntry[];
  readonly mixpanel: readonly Deletion[];
  readonly notKnown: readonly string[];
  readonly outOfReach: readonly { readonly where: string; readonly next: string }[];
}

/** A state with its colour. */
type Shown = readonly [tone: Tone, text: string];

const deletionStates: Readonly<Record<ListedDeletion['state'], Shown>> = {
  waiting: ['busy', 'Not requested yet'],
  asking: ['busy', 'Requested, no answer yet'],
  followed: ['busy', 'Accepted, not done'],
  done: ['good', 'Done'],
  failed: ['bad', 'Failed'],
  withdrawn: ['plain', 'Withdrawn'],
};

export const deletionState = ({ state, isLate }: ListedDeletion): Shown =>
  isLate ? ['warn', `${deletionStates[state][1]}, late`] : deletionStates[state];

/** A connection whose Mixpanel could not be asked for a deletion. */
export const notRequested = (connection: string): Shown => ['warn', `Not requested for ${connection}`];

/**
 * What Mixpanel was asked for, each state once; without any, no deletion was requested.
 */
export const statesInMixpanel = ({ notAsked, mixpanel }: ListedCall): readonly Shown[] => [
  ...new Map(
    [...notAsked.map(notRequested), ...mixpanel.map(deletionState)].map(shown => [shown[1], shown]),
  ).values(),
];

/** After which a removal without an end was interrupted, most likely, as the service has it; milliseconds. */
const interruptedMs = 600_000;

/**
 * How far a removal from the service's own storage is.
 *
 * @param ageMs milliseconds since the call
 */
export function removalState(what: ListedCall['what'], complete: boolean | null, ageMs: number): Shown {
  if (what === 'lift') return ['plain', 'Lifted'];
  if (complete === null)
    return ageMs < interruptedMs ? ['busy', 'Not complete yet'] : ['warn', 'End not recorded'];
  return complete ? ['good', 'Complete'] : ['bad', 'Incomplete'];
}

/** Numbers of what was removed, by store. */
export const storesOf = ({ cohorts, ...removed }: Removed): (readonly [store: string, count: number])[] => [
  ['Events in the queue', removed.pending],
  ['Delivered events', removed.delivered],
  ['Dead letters', removed.deadLetters],
  ["Pairs with Braze's IDs", removed.brazeIds],
  ['Members in cohort snapshots', cohorts.members],
  ['Cohort pages', cohorts.pages],
  ['Entries in histories of cohorts', cohorts.historyEntries],
  ['Entries in ledgers of cohorts', cohorts.ledgerEntries],
];

/** What a removal left, as sentences. */
export const leftBy = ({
  failed,
  stillBeingDelivered,
  cohorts: { later },
  stillOnDisk,
}: Removed): string[] => [
  ...failed.map(part => `Failed: ${part}. The log has the cause.`),
  ...(stillBeingDelivered === 0 ? [] : [`Batches that were being delivered: ${stillBeingDelivered}.`]),
  ...(later.length === 0 ? [] : [`Cohort syncs that were not changed: ${later.join(', ')}.`]),
  ...(stillOnDisk === null ? [] : [stillOnDisk]),
];
