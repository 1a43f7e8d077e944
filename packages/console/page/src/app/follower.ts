/** A process on the clock, such as `service-<uuid>`. */
export interface Follower {
  readonly follower: string;
  readonly nextDue: number | null;
  readonly nextName: string | null;
}
