import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Enough to open the database, and to end deliveries. */
const SPARE_BYTES = 4 * 1024 * 1024;

/**
 * Spare disk space in a file beside the database, for the moment when other programs have filled the disk:
 * opening needs space for the log's index, and even the end of a delivery, which frees space, first needs
 * some. The file is deleted in that moment and created again when the disk has space beyond the reserve. Its
 * bytes are random, so that no file system compresses them.
 */
export class SpareFile {
  readonly #file: string | undefined;
  readonly #minFreeBytes: number;

  /** @param path of the database; `:memory:` has no spare */
  constructor(path: string, minFreeBytes: number) {
    this.#file = path === ':memory:' ? undefined : `${path}-spare`;
    this.#minFreeBytes = minFreeBytes;
  }

  /** Deletes the file. `false` when there was none. */
  release(): boolean {
    if (this.#file === undefined || !existsSync(this.#file)) return false;
    rmSync(this.#file, { force: true });
    return true;
  }

  /** Creates the file unless it exists or the disk has too little space. Never throws. */
  keep(): void {
    if (this.#file === undefined || existsSync(this.#file)) return;
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#file));
      if (bavail * bsize < this.#minFreeBytes + SPARE_BYTES) return;
      const file = openSync(this.#file, 'wx', 0o600);
      try {
        writeSync(file, randomFillSync(new Uint8Array(SPARE_BYTES)));
      } finally {
        closeSync(file);
      }
    } catch {
      // Try again next time: only a full disk needs the file.
    }
  }
}
