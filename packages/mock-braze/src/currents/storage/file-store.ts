/** Where Currents of the kind `storage` write files: a folder or a bucket. `signal` ends an attempt. */
export interface FileStore {
  /** Checks that files can be written below a folder. @throws FileStoreError if they cannot */
  check(folder: string, signal: AbortSignal): Promise<void>;
  /**
   * Writes a file that readers see as a whole or not at all.
   *
   * @param path below the store, with `/` between its parts
   * @returns false if there is a file of that path already, which is left as it is
   * @throws FileStoreError if it cannot be written
   */
  write(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<boolean>;
}

/** Why a file cannot be written, as a sentence. */
export class FileStoreError extends Error {
  override readonly name = 'FileStoreError';
  /** Whether it stays so until someone changes it: no permission, a wrong place. */
  readonly isRefused: boolean;

  constructor(message: string, isRefused: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isRefused = isRefused;
  }
}
