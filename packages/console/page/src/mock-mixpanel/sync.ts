/** A cohort sync as mock Mixpanel reports it. */
export interface Sync {
  readonly id: string;
  readonly cohort: number;
  readonly mode: string;
  readonly interval: number;
  readonly state: string;
  readonly reason: string | null;
  readonly destination: Readonly<Record<string, string>>;
  readonly connectedTo: string | null;
  readonly nextRunAt: string | null;
  readonly snapshot: { readonly at: string; readonly members: number } | null;
  /** Newest first. */
  readonly history: readonly {
    readonly startedAt: string;
    readonly kind: string;
    readonly members: number;
    readonly joined: number;
    readonly left: number;
    readonly requests: number;
    readonly outcome: string;
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

/** Whether Braze has accepted an export of this sync. */
export const hasExported = ({ history }: Sync): boolean =>
  history.some(({ outcome }) => outcome === 'succeeded');
