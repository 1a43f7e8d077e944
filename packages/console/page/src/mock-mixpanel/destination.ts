/** A connection to Braze, as mock Mixpanel shows it. */
export interface Destination {
  readonly id: string;
  readonly name: string;
  readonly restEndpoint: string;
  readonly connectedAt: string;
  readonly syncs: readonly string[];
  /** Latest run of its syncs with the present key; `null` before the first. */
  readonly lastRun: {
    readonly sync: string;
    readonly startedAt: string;
    readonly outcome: string;
    readonly status: number | null;
    readonly error: string | null;
  } | null;
}
