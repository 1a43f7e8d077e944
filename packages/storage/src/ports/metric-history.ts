/**
 * The port of the history of figures that charts show: one text per connection and span, a minute or an hour long.
 * Several processes change the same text.
 *
 * What holds: `put` writes only over the revision that its caller read, so no change of another process is lost.
 */
export interface MetricHistory {
  /** The text of one span. */
  get(span: MetricSpan): Promise<StoredMetrics | undefined>;
  /** The texts of a connection in order of time, from the span that begins at `from` on. */
  list(request: { connection: string; length: SpanLength; from: number }): Promise<StoredMetrics[]>;
  /** Resolves to whether it was written: `false` where the stored revision is another one. */
  put(metrics: StoredMetrics): Promise<boolean>;
  /** Deletes the spans of this length, of all connections, that begin before `at`; resolves to their number. */
  dropBefore(length: SpanLength, at: number): Promise<number>;
}

/** Length of a span of the history. */
export type SpanLength = 'minute' | 'hour';

/** A span of a connection. */
export interface MetricSpan {
  connection: string;
  length: SpanLength;
  /** Its beginning, in milliseconds since 1970. */
  at: number;
}

/** The stored figures of a span, or a change of them. */
export interface StoredMetrics extends MetricSpan {
  /** Number of writes so far, as it was read; 0 where nothing is stored. */
  revision: number;
  /** JSON. */
  text: string;
}
