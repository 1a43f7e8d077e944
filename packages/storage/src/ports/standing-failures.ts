/**
 * The port of failures that last: since when a connection's Current fails, or Mixpanel refuses its credentials. One
 * row per connection and kind, which all processes on the storage share.
 */
export interface StandingFailures {
  /** Failures of a connection that have not ended, in order of their kinds. */
  list(connection: string): Promise<StandingFailure[]>;
  /** Adds a failure; of a known one, `since` stays the earlier and `last`, with its `code`, the later one. */
  put(connection: string, failure: StandingFailure): Promise<void>;
  /** Ends a failure; nothing happens where there is none. */
  end(connection: string, kind: StandingFailure['kind']): Promise<void>;
}

/** A failure that has not ended. Times in milliseconds since 1970. */
export interface StandingFailure {
  /** `currents`: requests of Braze. `credentials`: the delivery to Mixpanel. */
  kind: 'credentials' | 'currents';
  /** The first failure after the last success. */
  since: number;
  /** The newest failure that was stored. */
  last: number;
  /** Error code of the newest failure that was stored. */
  code: string;
}
