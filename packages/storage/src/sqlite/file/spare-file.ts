import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** To open the database, and to end deliveries one log of this size after the other. */
const SPARE_BYTES = 4 * 1024 * 1024;

/**
 * Bytes of the disk kept in a file beside the database for the moment when others have filled it to the last byte: then opening needs room
 * for the log's index, and even the end of a delivery, which frees room, needs some first. The file is removed in that moment and made
 * again once the disk has room beyond the reserve. Its bytes are random, so that no file system stores them in less.
 */
export class SpareFile {
  readonly #file: string | undefined;
  readonly #minFreeBytes: number;

  /** @param path of the database; `:memory:` has no spare */
  constructor(path: string, minFreeBytes: number) {
    this.#file = path === ':memory:' ? undefined : `${path}-spare`;
    this.#minFreeBytes = minFreeBytes;
  }

  /** Gives the bytes to the disk. `false` where there were none. */
  release(): boolean {
    if (this.#file === undefined || !existsSync(this.#file)) return false;
    rmSync(this.#file, { force: true });
    return true;
  }

  /** Puts the bytes aside where they are not yet, and the disk has room for them. Never fails. */
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
      // Another time: nothing but a full disk needs them.
    }
  }
}
