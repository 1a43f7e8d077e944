/** One way in which a request, a delivery or a cohort sync can fail. */
export interface ErrorEntry {
  /** Where it fails. */
  readonly stage: 'ingest' | 'admin' | 'routing' | 'delivery' | 'cohorts';
  /**
   * The cause, and so who must act: `request` the caller, `set-up` the operator of credentials and addresses,
   * `throttle` and `transient` no one (the service retries), `poison` the operator of dead letters, `fatal`
   * the developers of this service.
   */
  readonly class: 'request' | 'set-up' | 'throttle' | 'transient' | 'poison' | 'fatal';
  /** HTTP status of the response, where there is one. */
  readonly status?: number;
  /** Whether a retry may succeed without any change. */
  readonly retry: boolean;
  /** What failed, why, and what to do next. */
  readonly message: string;
}
