/**
 * The port of documents that recurring jobs keep between their runs: what they have read so far, and the result of
 * the last run.
 */
export interface JobDocuments {
  /** Documents of a connection's job in the order of their keys, from the first one after `after`. */
  list(request: {
    connection: string;
    job: string;
    /** Default: from the first one. */
    after?: string;
    limit: number;
  }): Promise<JobDocument[]>;
  /** Adds documents of different keys, or replaces those of the same key, in one transaction. */
  put(connection: string, job: string, documents: readonly JobDocument[]): Promise<void>;
  /** Deletes the documents of all other connections. */
  keepOnly(connections: readonly string[]): Promise<void>;
}

/** A document of a job. */
export interface JobDocument {
  /** At most 400 characters, well-formed, without U+0000. */
  key: string;
  /** JSON text. */
  text: string;
}
