import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import type { SinkKind } from './connection.ts';
import type { Problem } from './errors.ts';

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
  preview(cohort: CohortName, group: readonly MemberChange[]): object;
  /** Boolean attributes that a number of changes writes: Braze bills them. */
  billedUpdates(changes: number): number;
}

/** What an answer means: the one decision about it is made in `verdicts.ts`. */
export type SinkAnswer =
  /** Taken, but for the changes at these indexes. */
  | { readonly kind: 'taken'; readonly refused: readonly number[] }
  /** The request was refused as a whole because of some change in it: halves are sent alone. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The same request may be taken later. */
  | { readonly kind: 'retry'; readonly problem: Problem; readonly retryAfterMs: number | undefined }
  /** Somebody has to correct something first. */
  | { readonly kind: 'stop'; readonly problem: Problem };
