import { hash, randomBytes } from 'node:crypto';
import { StorageError, type Tombstones as TombstoneStore } from '@braze-mixpanel/storage';
import type { MonotonicMs } from '../clock/index.ts';

export interface TombstonesOptions {
  readonly store: TombstoneStore;
  /** Whether other processes may write tombstones. */
  readonly shared: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => MonotonicMs;
}

/** Age of the list from which `refresh` asks a shared storage whether it changed. */
const checkAfterMs = 1_000;
const saltBytes = 16;
/** Hexadecimal digits of a digest: 16 bytes. */
const digestLength = 32;

/**
 * The forgotten users, as salted digests of their IDs in memory: about 100 bytes for each user. The salt is made once
 * and kept in storage, so a digest can't be compared with those of another storage; who has the storage can still test
 * an ID.
 */
export class Tombstones {
  readonly #options: TombstonesOptions;
  #salt = '';
  #digests: ReadonlySet<string> = new Set();
  #revision: number | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(options: TombstonesOptions) {
    this.#options = options;
  }

  /** Whether no user is forgotten, as of the last `refresh`. */
  get isEmpty(): boolean {
    return this.#digests.size === 0;
  }

  /** Whether the user is forgotten, as of the last `refresh`. */
  has(externalId: string): boolean {
    return !this.isEmpty && this.#digests.has(this.#digestOf(externalId));
  }

  /**
   * Reads the list at the first call; of a shared storage, again when another process changed it, at most once a
   * second.
   *
   * @throws StorageError
   */
  async refresh(): Promise<void> {
    const { shared, monotonic } = this.#options;
    if (this.#revision === undefined || (shared && monotonic() - this.#checkedAt >= checkAfterMs))
      await this.#read();
  }

  /** Gives who is forgotten, as storage has it at this moment. @throws StorageError */
  async forgottenNow(): Promise<(externalId: string) => boolean> {
    if (this.#options.shared) await this.#read();
    else await this.refresh();
    return externalId => this.has(externalId);
  }

  /**
   * The number of a user's receipt: the digest of the tombstone. It can't be computed without the salt.
   *
   * @throws StorageError
   */
  async receiptNumber(externalId: string): Promise<string> {
    await this.refresh();
    return this.#digestOf(externalId);
  }

  /** Gives the digests of Braze's own user IDs. @throws StorageError */
  async brazeDigests(): Promise<(brazeId: string) => string> {
    await this.refresh();
    return brazeId => this.#digestOf(`braze user\n${brazeId}`);
  }

  /** Whether a receipt is of a user whose later events are skipped. @throws StorageError */
  async isForgotten(number: string): Promise<boolean> {
    await this.refresh();
    return this.#digests.has(number);
  }

  /** Stores a tombstone, which this process applies after `add` or a restart. @throws StorageError */
  async store(externalId: string): Promise<void> {
    await this.refresh();
    await this.#options.store.put(this.#digestOf(externalId), this.#options.now());
  }

  /** @throws StorageError */
  async add(externalId: string): Promise<void> {
    await this.store(externalId);
    await this.#readAgain();
  }

  /** Resolves to whether there was one. @throws StorageError if it is not known whether it was removed */
  async remove(externalId: string): Promise<boolean> {
    await this.refresh();
    const isRemoved = await this.#options.store.remove(this.#digestOf(externalId));
    await this.#readAgain().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
    return isRemoved;
  }

  /** Reads the list after a change; where that fails, the next `refresh` does. */
  async #readAgain(): Promise<void> {
    this.#revision = undefined;
    await this.#read();
  }

  async #read(): Promise<void> {
    const { store, monotonic } = this.#options;
    const checkedAt = monotonic();
    const { salt, revision } = await store.state(randomBytes(saltBytes).toString('hex'));
    if (revision !== this.#revision) this.#digests = new Set(await store.list());
    this.#salt = salt;
    this.#revision = revision;
    this.#checkedAt = checkedAt;
  }

  /** Of the form that Mixpanel stores. */
  #digestOf(externalId: string): string {
    return hash('sha256', `${this.#salt}\n${externalId.toWellFormed()}`).slice(0, digestLength);
  }
}
