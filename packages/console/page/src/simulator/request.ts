/** One request in the journal of a simulator. */
export interface JournalEntry {
  readonly sequence: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly route: string | null;
  readonly status: number | string;
  readonly verdict: string;
  readonly rule: string | null;
  readonly durationMs: number;
  readonly bodyBytes: number;
  readonly body: string | null;
}

/** The text that the filter of the list searches. */
export const searched = ({ method, path, route, status, rule }: JournalEntry): string =>
  `${method} ${path} ${route} ${status} ${rule}`.toLowerCase();
