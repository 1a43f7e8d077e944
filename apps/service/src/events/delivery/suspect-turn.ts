/**
 * Lets one suspect be in hand at a time in this process, whatever number of connections it delivers: the suspect that is in hand at a
 * death is then what caused it, and no other connection's batch is quarantined in its place.
 */
export class SuspectTurn {
  #taken = false;

  /** Whether it was free; it is taken then. */
  take(): boolean {
    const wasFree = !this.#taken;
    this.#taken = true;
    return wasFree;
  }

  giveBack(): void {
    this.#taken = false;
  }
}
