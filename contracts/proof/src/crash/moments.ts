import { EventEmitter } from 'node:events';

/**
 * Moments at which a crash may do harm: the process reports one, and the killer waits for it.
 *
 * - `sent`: the last byte of a batch left, its commit is about to begin.
 * - `acknowledged`: 200 for a batch came.
 * - `arriving`: a request of the service reached Mixpanel.
 * - `handled`: Mixpanel stored it, its answer is about to leave.
 * - `written`: the database file's log grew.
 */
export const momentNames = ['sent', 'acknowledged', 'arriving', 'handled', 'written'] as const;
export type MomentName = (typeof momentNames)[number];

export class Moments {
  readonly #events = new EventEmitter().setMaxListeners(0);

  tell(moment: MomentName): void {
    this.#events.emit(moment);
  }

  /** Calls `act` within the `count`-th such moment from now, not after it. Returns what gives up waiting. */
  at(moment: MomentName, count: number, act: () => void): () => void {
    let left = count;
    const listener = () => {
      left -= 1;
      if (left > 0) return;
      this.#events.off(moment, listener);
      act();
    };
    this.#events.on(moment, listener);
    return () => void this.#events.off(moment, listener);
  }
}
