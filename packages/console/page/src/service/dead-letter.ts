/** Dead letters as the API answers them. */
export interface DeadLetter {
  readonly id: number;
  readonly connection: string;
  readonly reason: string;
  readonly detail: string;
  readonly eventType: string | null;
  readonly insertId: string | null;
  readonly batch: string | null;
  readonly receivedAt: string;
  readonly diedAt: string;
  readonly original: unknown;
  readonly mapped: unknown;
}

export interface OpenedLetter extends DeadLetter {
  readonly explanation: { readonly meaning: string; readonly next: string } | null;
  readonly today: Trial | null;
}

/** A dead letter as it was replayed: what a correction changed is read from the corrected event. */
export function asReplayed(letter: OpenedLetter, original: unknown): OpenedLetter {
  const type = (original as { event_type?: unknown } | null)?.event_type;
  return { ...letter, original, eventType: typeof type === 'string' ? type : null };
}

/** The external ID of a dead letter's user, where it has one. */
export function userOf({ original }: DeadLetter): string | undefined {
  const user = (original as { user?: { external_user_id?: unknown } } | null)?.user?.external_user_id;
  return typeof user === 'string' ? user : undefined;
}

/** The event's own ID, where it has one: a correction never changes a usable one. */
export const idOf = ({ original }: DeadLetter): unknown => (original as { id?: unknown } | null)?.id;

/** The outcome of a replay now, as the service answers a dry run. */
export type Trial =
  | {
      readonly outcome: 'mapped';
      readonly mapped: unknown;
      /** What Mixpanel's documented rules forbid in it. */
      readonly refusals: readonly { readonly field: string; readonly message: string }[];
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  | { readonly outcome: 'dead'; readonly reason: string; readonly detail: string };
