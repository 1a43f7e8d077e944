import type { ExportedFile } from '../read-currents-file.ts';

/** A file of a source, before it is read. */
export interface SourceFile {
  /** Path below the source, with `/` between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Changes when the contents do: an entity tag, or size and time of the last change. */
  readonly version: string;
  /** When it arrived or was last changed, in milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** Where exported files are: a folder, or a bucket with a prefix. */
export interface FileSource {
  /** Address without credentials, such as `s3://bucket/prefix`. */
  readonly address: string;
  /**
   * All files below the source, in an order that does not change. A file that is added meanwhile may be
   * missing.
   *
   * @param after only the files behind this path, which itself need not exist
   * @throws SourceError if the source cannot be listed
   */
  list(after?: string): AsyncIterable<SourceFile>;
  /**
   * The bytes of a file are read when they are iterated.
   *
   * @param version as it was listed: of a file that has another one by now, nothing is read; any by default
   * @throws SourceError when the bytes are iterated
   */
  file(path: string, version?: string): ExportedFile;
}

/** Why a source or a file of it cannot be read, as a sentence. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  /**
   * `invalid`: the address is wrong. `missing`: no such folder, bucket or file. `changed`: the file is not the
   * one that was listed. `credentials`: they are missing, wrong or expired. `refused`: no access.
   * `unavailable`: anything that may pass, such as a network error.
   */
  readonly code: 'invalid' | 'missing' | 'changed' | 'credentials' | 'refused' | 'unavailable';

  constructor(code: SourceError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A file is not the one that was listed; not every vendor says why. @param file address of the file */
export const gone = (code: 'changed' | 'missing', file: string): SourceError =>
  new SourceError(
    code,
    `${file} was changed or deleted after it was listed; a new one is read the next time.`,
  );
