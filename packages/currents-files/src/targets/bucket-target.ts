/** A bucket in which files are written, for simulators and tests. */
export interface BucketTarget {
  /** Address without credentials, such as `s3://bucket/prefix`. */
  readonly address: string;
  /**
   * Writes an object, which readers see as a whole or not at all. One attempt: nothing is retried.
   *
   * @param path below the address, with `/` between its parts
   * @returns false if there is an object of that path already, which is left as it is
   * @throws SourceError `unavailable` where it may pass, otherwise `missing`, `refused` or `invalid`
   */
  write(path: string, bytes: Uint8Array, options: WriteObjectOptions): Promise<boolean>;
}

/** Options of `write`. */
interface WriteObjectOptions {
  /** Ends the attempt, which may have succeeded nevertheless. */
  readonly signal: AbortSignal;
  /** Replaces an object of the same path; false by default. */
  readonly overwrite?: boolean;
}

/** Options of `openTarget`. */
export interface TargetOptions {
  /** URL of a server that is compatible with S3. The bucket is part of the path, not of the host name. */
  readonly endpoint: string;
  /** Made up by default, which local servers accept. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
}
