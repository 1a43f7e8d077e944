/** One request in a list of the journal of a simulator. */
export interface ListedRequest {
  readonly sequence: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly route: string | null;
  readonly status: number | string;
  readonly verdict: string;
  readonly rule: string | null;
  /** IDs of the faults that struck it. */
  readonly faults: readonly string[];
  readonly durationMs: number;
  readonly bodyBytes: number;
}

export interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  /** `null` if it was generated while it was sent. */
  readonly bodyBytes: number | null;
  readonly body: string | null;
}

/** One request with its content and its answer. */
export interface RecordedRequest extends ListedRequest {
  /** `null` if the client got no complete one. */
  readonly answer: Answer | null;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The text that the filter of the list searches. */
export const searched = ({ method, path, route, status, rule, faults }: ListedRequest): string =>
  `${method} ${path} ${route} ${status} ${rule} ${faults.map(id => `[${id}]`).join('')}`.toLowerCase();
