import type { Snapshot } from './snapshot.ts';

/** A target whose changes are being sent. */
export interface Applying<Run> {
  readonly target: Snapshot<Run>;
  /** Last key whose change is settled; `undefined` before the first. */
  readonly cursor: string | undefined;
  /** Whether every member of the target is sent, known or not. */
  readonly resend: boolean;
  /** Keys of the changes that Braze did not accept; sorted. */
  readonly refused: readonly string[];
  /** Changes of `refused` that add a member. */
  readonly missing?: number;
}

/** A target that is sent next. */
export interface Waiting<Run> {
  readonly target: Snapshot<Run>;
  /** Whether the safety stop holds it until it is confirmed. */
  readonly held: boolean;
  /** Whether an operator has confirmed it. */
  readonly confirmed: boolean;
}
