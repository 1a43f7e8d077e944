import type { ReadBack } from '@braze-mixpanel/core/braze';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import type { Problem } from '../cohort-error.ts';
import type { SinkKind } from '../connection.ts';

export interface CohortName {
  readonly id: string;
  readonly name: string;
}

/** An interface of Braze for cohort members. Sending the same changes again has no effect there. */
export interface Sink {
  readonly kind: SinkKind;
  /** Changes in one request. */
  readonly groupSize: number;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Creates the cohort under its name, or renames it. */
  introduce(cohort: CohortName, stop: AbortSignal): Promise<SinkAnswer>;
  send(cohort: CohortName, group: readonly MemberChange[], stop: AbortSignal): Promise<SinkAnswer>;
  /** The body that `send` would send, without keys. */
  preview(cohort: CohortName, group: readonly MemberChange[]): Record<string, unknown>;
  /**
   * Reads accepted changes back, at most `usersExportLimits.idsPerRequest`; absent where Braze cannot show
   * them.
   */
  readonly readBack?: (
    cohort: CohortName,
    changes: readonly MemberChange[],
    stop: AbortSignal,
  ) => Promise<ReadBackAnswer>;
  /** Number of boolean attributes that a number of changes writes: Braze bills them. */
  billedUpdates(changes: number): number;
  /** Number of members that a number of changes adds to or removes from a partner cohort. */
  assignments(changes: number): number;
}

/** The result of reading back, or the reason why there is none; `later`: there may be one then. */
export type ReadBackAnswer =
  | ({ readonly kind: 'read' } & ReadBack)
  | { readonly kind: 'unknown'; readonly why: string; readonly later: boolean };

/** The verdict on an answer, made in `verdicts.ts` only. */
export type SinkAnswer =
  /** All changes are accepted, except for those at these indexes, which Braze refused; `messages` has its texts by index. */
  | {
      readonly kind: 'accepted';
      readonly refused: readonly number[];
      readonly messages?: Readonly<Record<number, string>>;
    }
  /**
   * Braze refused the request as a whole because of some change in it: halves are sent alone, and a change
   * alone is refused.
   */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /**
   * The answer proves nothing about the changes, and halves may show which of them it concerns; a change
   * alone stays unproven. `short`: it only reports that fewer were processed than were sent.
   */
  | { readonly kind: 'unproven'; readonly problem: Problem; readonly short: boolean }
  /**
   * No change counts, and the same request may be accepted later. `mayApply`: Braze may have received and applied
   * the request all the same.
   */
  | {
      readonly kind: 'retry';
      readonly problem: Problem;
      readonly retryAfterMs: number | undefined;
      readonly mayApply?: true;
    }
  /** An operator must correct something first. */
  | { readonly kind: 'stop'; readonly problem: Problem };
