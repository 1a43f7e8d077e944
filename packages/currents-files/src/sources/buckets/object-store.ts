/** An object of a bucket, as it is listed. */
export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Entity tag or generation. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** What the sentences about a vendor's errors name. */
interface Guidance {
  /** Permission to list, as the vendor calls it. */
  readonly listRight: string;
  /** Permission to read an object. */
  readonly readRight: string;
  /** Where credentials come from, as a sentence. */
  readonly credentials: string;
}

/** What an error of a vendor's client says. */
export interface VendorError {
  /** HTTP status; absent where there was no answer. */
  readonly status?: number | undefined;
  /** The vendor's name of the error, or that of the operating system. */
  readonly code: string;
}

/** A bucket behind a vendor's client. Errors are those of the client, after its retries. */
export interface ObjectStore {
  readonly guidance: Guidance;
  /**
   * Objects whose keys begin with a prefix, page by page, in an order that does not change.
   *
   * @param after objects up to this key may be left out
   */
  list(
    prefix: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly StoredObject[]>;
  /**
   * An object from a position.
   *
   * @param version refused by the vendor where the object has another one by now
   */
  open(
    key: string,
    from: number,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly body: AsyncIterable<Uint8Array> /** Bytes. */; readonly length: number | undefined }>;
  errorOf(error: Error & { readonly code?: unknown }): VendorError;
}

/** Value of the header `Range`; none at the start, where an empty object has no range. */
export const rangeFrom = (from: number): string | undefined => (from === 0 ? undefined : `bytes=${from}-`);
