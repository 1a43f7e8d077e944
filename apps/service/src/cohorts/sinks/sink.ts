import type { ReadBack } from '@braze-mixpanel/core/braze';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import type { Problem } from '../cohort-error.ts';
import type { SinkKind } from '../connection.ts';

export interface CohortName {
  readonly id: string;
  readonly name: string;
}

/** A way into Braze. Sending the same changes again changes nothing there. */
export interface Sink {
  readonly kind: SinkKind;
  /** Changes in one request. */
  readonly groupSize: number;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Makes the cohort known under its name, or renames it. */
  introduce(cohort: CohortName, stop: AbortSignal): Promise<SinkAnswer>;
  send(cohort: CohortName, group: readonly MemberChange[], stop: AbortSignal): Promise<SinkAnswer>;
  /** The body that `send` would send, without keys. */
  preview(cohort: CohortName, group: readonly MemberChange[]): Record<string, unknown>;
  /** Reads accepted changes back, at most `usersExportLimits.idsPerRequest`; absent where Braze cannot show them. */
  readonly readBack?: (
    cohort: CohortName,
    changes: readonly MemberChange[],
    stop: AbortSignal,
  ) => Promise<ReadBackAnswer>;
  /** Boolean attributes that a number of changes writes: Braze bills them. */
  billedUpdates(changes: number): number;
}

/** What reading back showed, or why nothing is known; `later`: it may be known then. */
export type ReadBackAnswer =
  | ({ readonly kind: 'read' } & ReadBack)
  | { readonly kind: 'unknown'; readonly why: string; readonly later: boolean };

/** What an answer means: the one decision about it is made in `verdicts.ts`. */
export type SinkAnswer =
  /** All changes are accepted, but for those at these indexes, which Braze refused. */
  | { readonly kind: 'accepted'; readonly refused: readonly number[] }
  /** Braze refused the request as a whole because of some change in it: halves are sent alone, and a change alone is refused. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /**
   * The answer proves nothing about the changes, and halves may tell which of them it concerns; a change alone stays unproven.
   * `short`: it only says that fewer were processed than were sent.
   */
  | { readonly kind: 'unproven'; readonly problem: Problem; readonly short: boolean }
  /** Nothing of it counts, and the same request may be accepted later. */
  | { readonly kind: 'retry'; readonly problem: Problem; readonly retryAfterMs: number | undefined }
  /** An operator has to correct something first. */
  | { readonly kind: 'stop'; readonly problem: Problem };
