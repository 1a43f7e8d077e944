/**
 * A mutex for suspects (batches that were leased at a crash): one at a time in this process, over all its
 * connections. The suspect that is being worked on at a crash is then its cause, and no other connection's
 * batch is quarantined for it.
 */
export class SuspectSlot {
  #taken = false;

  /** Acquires the slot; `false` where another connection has it. */
  acquire(): boolean {
    const wasFree = !this.#taken;
    this.#taken = true;
    return wasFree;
  }

  release(): void {
    this.#taken = false;
  }
}
