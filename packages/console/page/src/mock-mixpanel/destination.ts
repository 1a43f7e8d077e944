/** A connection to Braze, as mock Mixpanel shows it. */
export interface Destination {
  readonly id: string;
  readonly name: string;
  readonly restEndpoint: string;
  readonly connectedAt: string;
  readonly syncs: readonly string[];
}
