import { EventEmitter } from 'node:events';

/**
 * The moments at which a crash is most likely to do harm. The process under test reaches them, and the killer
 * waits for one.
 *
 * - `sent`: the last byte of a batch was sent, and its commit is about to start.
 * - `acknowledged`: a batch was answered with 200.
 * - `arriving`: a request of the service reached Mixpanel.
 * - `handled`: Mixpanel stored it, and is about to answer.
 * - `written`: the log of the database file grew.
 */
export const momentNames = ['sent', 'acknowledged', 'arriving', 'handled', 'written'] as const;
export type MomentName = (typeof momentNames)[number];

export class Moments {
  readonly #events = new EventEmitter().setMaxListeners(0);

  report(moment: MomentName): void {
    this.#events.emit(moment);
  }

  /** Calls `act` at the `count`-th such moment from now, synchronously. The returned function cancels it. */
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
